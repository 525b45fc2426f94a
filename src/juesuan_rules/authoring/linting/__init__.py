"""`lint`: what is sound in a pack and still not as it should be, with a stable code for each kind of it."""
