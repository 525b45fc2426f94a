"""Packs on their way between teams: archives, sources, the local store, resolution and locks."""
