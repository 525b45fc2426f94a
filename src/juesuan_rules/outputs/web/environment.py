"""Templates, style and script of the page, for the page itself and for whoever includes its pieces.

Nothing from a document is trusted: every text a template prints goes through `shown` (control, escape and direction
characters written out, piles of marks cut) and is then escaped by Jinja; addresses are anchors of our own making.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from juesuan_rules.outputs.guarding import LONGEST, xml_text
from juesuan_rules.renderings.plain import ordinal

if TYPE_CHECKING:
    import jinja2

STYLES = ("tokens.css", "pieces.css", "page.css", "print.css")
SCRIPTS = ("page.js",)
_PLAIN = re.compile(r"[\x20-\x7e\u4e00-\u9fff\u3001-\u301f\uff01-\uff5e\u2460-\u2473、。“”‘’…—±×÷≥≤≠]*")


def environment() -> jinja2.Environment:
    """Jinja over this part's templates; `pieces.html` holds the macros for findings, figures, tables and places."""
    import jinja2

    made = jinja2.Environment(
        loader=jinja2.PackageLoader("juesuan_rules.outputs.web", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=shown,
    )
    made.filters["ordinal"] = ordinal
    made.filters["group"] = lambda number: f"{number:,}"
    return made


def shown(value: Any) -> Any:
    """What a template prints: texts made harmless, all else as it is."""
    if type(value) is str:
        return value if len(value) <= LONGEST and _PLAIN.fullmatch(value) else _harmless(value)
    return "" if value is None else value


@lru_cache(maxsize=1)
def page_template() -> jinja2.Template:
    """The page's template, compiled once for all reports of a run."""
    return environment().get_template("page.html")


@lru_cache(maxsize=4096)
def _harmless(text: str) -> str:
    return xml_text(text)


def asset(name: str) -> str:
    """A style sheet or script that ships with the page."""
    return files("juesuan_rules.outputs.web").joinpath("assets", name).read_text("utf-8")


def styles(names: tuple[str, ...] = STYLES) -> str:
    """The style sheets, joined."""
    return "\n".join(asset(name) for name in names)


def scripts(names: tuple[str, ...] = SCRIPTS) -> str:
    """The scripts, joined."""
    return "\n".join(asset(name) for name in names)


def css_text(text: str) -> str:
    """A text for a string in a style sheet: every character as an escape, so that none can end it."""
    return "".join(char if char.isalnum() and ord(char) > 127 else f"\\{ord(char):06x}" for char in xml_text(text, 120))
