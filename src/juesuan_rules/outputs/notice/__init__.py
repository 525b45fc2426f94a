"""A letter to a unit about what was found in its report, as a Word document for editing."""
