"""Local mode: the whole application as processes on this machine, behind one router."""
