"""Pages that are pictures to blocks: rules found in the picture, every cell recognised on its own.

Needs the optional extra `[ocr]`; `available.py` says whether it is there. Only `available.py`,
`entry.py` and `pictures.py` may be imported without it.
"""
