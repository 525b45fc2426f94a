"""Two versions of a pack side by side: what changed in meaning, what changes in results, which version number that asks for."""
