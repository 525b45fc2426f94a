"""The language server: what an editor asks about pack files, answered by the functions of `check`."""
