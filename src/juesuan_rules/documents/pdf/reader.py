"""tmp"""
import hashlib
from juesuan_rules.documents.model import Document, GridBlock, Source
from juesuan_rules.documents.pdf.pages import read_pages
from juesuan_rules.documents.pdf.runs import runs_of
from juesuan_rules.documents.pdf.grids import find_grids
from juesuan_rules.documents.pdf.cells import take_runs, grid_rows


def read_pdf(data: bytes, path: str) -> Document:
    blocks=[]
    for page in read_pages(data, path):
        runs=runs_of(page.chars)
        grids=find_grids(page)
        inside,out=take_runs(runs,grids)
        for g,rr in zip(grids,inside):
            blocks.append(GridBlock(tuple(grid_rows(page,g,rr))))
    return Document(Source(path, hashlib.sha256(data).hexdigest(), "pdf", len(data)), tuple(blocks))
