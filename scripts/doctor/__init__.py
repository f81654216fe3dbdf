"""`make doctor`: what is wrong on this machine, with a remedy a line."""
