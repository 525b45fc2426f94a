"""What people make of findings from run to run: fingerprints, decisions, and what is new since an earlier result."""
