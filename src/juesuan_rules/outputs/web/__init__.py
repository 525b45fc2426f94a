"""The page an auditor shows around: one file with every finding, its figures and the place they stand in."""
