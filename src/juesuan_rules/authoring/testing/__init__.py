"""Testing a pack: its cases, the boundaries of its tolerances, and what is known to come out wrong."""
