"""Page pictures of a report, and where on them the figures of a finding stand.

`open_pages(subject)` gives `Pages`: pictures to be shown, and boxes tight around the very figure. PDF files, picture
files, those inside ZIP archives and those joined to one report have pages; other formats have none.
"""

from juesuan_rules.outputs.pages.model import PageKey, Picture, Spot
from juesuan_rules.outputs.pages.pages import Pages, open_pages

__all__ = ["PageKey", "Pages", "Picture", "Spot", "open_pages"]
