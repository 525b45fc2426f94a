"""Drafting: identities that hold in good reports, proposed as rules that nobody has to believe."""
