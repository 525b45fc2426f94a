"""`fmt`: the one canonical spelling of a pack's files. Comments and blank lines stay where they are."""
