"""Who vouches for a pack: keys, signatures, whom a team trusts."""
