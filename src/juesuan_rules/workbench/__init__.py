"""The local workbench: the same functions as the command line, for those who never open a console.

`serve` runs one server for one person on 127.0.0.1. Reports are read in processes of their own (`worker`), state is in one
SQLite file (`database`), and every page is made by the templates of `outputs.web`.
"""
