"""A folder per run that another team can run again: what went in, what decided, what came out, and whether it still does."""
