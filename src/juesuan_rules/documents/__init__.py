"""Bytes to blocks: one file per format, one model for what comes out. `open_document` is the way in."""
