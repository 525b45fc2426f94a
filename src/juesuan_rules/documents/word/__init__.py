"""Readers for Word files: .docx and its kin (Office Open XML), .doc (Word 97-2003), RTF, Word XML."""
