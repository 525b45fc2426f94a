"""Where packs come from: each kind of source is one module that turns its address into offers."""
