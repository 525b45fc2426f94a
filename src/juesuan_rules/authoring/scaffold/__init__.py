"""`new pack` and `new rule`: beginnings that pass `check` and `test` at once, or say what is still to be done."""
