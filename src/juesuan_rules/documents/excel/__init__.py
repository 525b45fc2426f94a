"""Workbooks: .xlsx, .xlsm, .xlsb, .ods and the older .xls and .et."""
