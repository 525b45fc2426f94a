"""Coverage: which printed figures of reports the rules read, and which of them they guard."""
