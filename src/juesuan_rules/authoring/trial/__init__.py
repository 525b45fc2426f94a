"""Trying an expression on a report: `eval --expr` and the prompt `repl`."""
