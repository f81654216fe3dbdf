"""How much of everything: `make chaos` sets the environment, and the defaults are a short version in seconds."""

import os

SEED = int(os.environ.get("CHAOS_SEED", "1"))
KILLS = int(os.environ.get("CHAOS_KILLS", "3"))
WRITES = int(os.environ.get("CHAOS_WRITES", "60"))  # the most before a kill
SAVES = int(os.environ.get("CHAOS_SAVES", "25"))
EXAMPLES = int(os.environ.get("CHAOS_EXAMPLES", "8"))
STEPS = int(os.environ.get("CHAOS_STEPS", "30"))
SLOW = float(os.environ.get("CHAOS_SLOW", "1"))  # seconds that a slow database or model takes
CROWD = int(os.environ.get("CHAOS_CROWD", "300"))  # connections that do nothing
