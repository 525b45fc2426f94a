"""Checks of the text as text: completeness, years and names, punctuation, remains of templates, privacy.

One small module per kind; `registry` lists them by the names rules use.
"""
