"""`docs`: a pack's handbook, written from the pack itself."""
