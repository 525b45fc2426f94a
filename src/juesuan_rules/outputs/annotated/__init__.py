"""The original PDF file with removable annotations on the figures of the findings, its pages untouched."""
