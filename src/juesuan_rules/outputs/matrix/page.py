"""The summary as one page without network: the matrix is drawn as far as one looks, so that a thousand reports open at once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from html import escape
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from juesuan_rules.findings import SEVERITY_ZH, Finding
from juesuan_rules.material import Material
from juesuan_rules.outputs.guarding import xml_text
from juesuan_rules.outputs.matrix.contents import MARKS, TELLING, Group, Matrix, Rule, Unit, gather_matrix
from juesuan_rules.outputs.provenance_lines import provenance_lines
from juesuan_rules.outputs.web.environment import environment, shown, styles
from juesuan_rules.outputs.web.page import content_policy
from juesuan_rules.renderings.plain import moment
from juesuan_rules.renderings.reviews_text import CHANGE_ZH

STATIC_CELLS = 6_000
"""Cells written as HTML; the rows below them are drawn by the page when one scrolls there."""
MOST_ITEMS = 40_000
SHOWN_PER_CELL = 4
_SAID = 160
_GROUPS, _NAMES, _LACKS, _FILES = 150, 60, 400, 20
_OUTCOME = {"f": "fail", "d": "doubtful", "e": "rule_error", "u": "undecided"}


def page_policy() -> str:
    """The policy of the page for a server that serves it: its one script runs and no other."""
    return content_policy(_asset("matrix.js"))


def render_matrix_page(material: Material, links: Sequence[str] | None = None) -> str:
    """The page as text. links: address of every report's own page, relative to this one."""
    import jinja2
    from markupsafe import Markup

    matrix = gather_matrix(material, links)
    made = environment()
    made.loader = jinja2.PackageLoader("juesuan_rules.outputs.matrix", "templates")
    script = _asset("matrix.js")
    columns = [at for at, rule in enumerate(matrix.rules) if rule.telling]
    rows = max(1, STATIC_CELLS // max(len(columns), 1))
    values: dict[str, Any] = {
        "policy": content_policy(script),
        "style": Markup(styles(("tokens.css", "pieces.css")) + "\n" + _asset("matrix.css")),
        "script": Markup(script),
        "units": matrix.units,
        "rules": matrix.rules,
        "rule_count": len(matrix.rules),
        "hidden": len(matrix.rules) - len(columns),
        "cut": rows if rows < len(matrix.units) else 0,
        "compared": matrix.compared,
        "decided": matrix.decided,
        "any_waived": any(unit.waived for unit in matrix.units),
        "rows": Markup("\n".join(_row(matrix, at, columns) for at in matrix.ranking[:rows])),
        "data": Markup(_embedded(_data(matrix, columns))),
        "items": Markup(_embedded(_items(matrix))),
        **_heading(matrix, material),
        **_lists(matrix, columns),
        **_origin(material),
    }
    return made.get_template("matrix.html").render(values)


def _heading(matrix: Matrix, material: Material) -> dict[str, Any]:
    years = sorted({unit.year for unit in matrix.units if unit.year})
    packs = sorted({f"{pack['id']} {pack['version']}" for pack in material.sealed["packs"]})
    judged = sum(unit.status == "judged" for unit in matrix.units)
    lacking = len(matrix.units) - judged + len(material.run.failures)
    counts = (("报告", len(matrix.units), ""), ("错误", sum(u.errors for u in matrix.units), "error"), ("警告", sum(u.warnings for u in matrix.units), "warning"),
              ("提示", sum(u.infos for u in matrix.units), "info"), ("无法判断（条·份）", matrix.totals["u"], "undecided"), ("没有核对的文件", lacking, "lack"))  # fmt: skip
    words = []
    clean = sum(unit.status == "judged" and not (unit.errors or unit.warnings or unit.infos) for unit in matrix.units)
    words.append(f"核对了 {judged} 份，其中 {clean} 份没有不符和存疑" + ("；无法判断的不等于通过。" if matrix.totals["u"] else "。"))
    comparison = material.run.baseline
    if comparison is not None:
        told = comparison.counts()
        words.append(f"与上次的结果（{moment(comparison.time) if comparison.time else comparison.path}）相比：" + "，".join(f"{name} {told[kind]}" for kind, name in CHANGE_ZH.items()) + "。")
    return {
        "years": f"{years[0]}年度" if len(years) == 1 else f"{years[0]}—{years[-1]}年度" if years else "",
        "about": [("规则包", "、".join(packs)), ("核对时间", moment(material.provenance["time"]))],
        "tally": [{"name": name, "count": count, "kind": kind} for name, count, kind in counts],
        "words": words,
        "contents": [("matrix", "单位 × 规则", None), ("ranking", "排名", len(matrix.units)), ("causes", "共同原因", len(matrix.groups)), ("rules", "规则", len(matrix.rules)),
                     ("lacks", "未能核对", len(matrix.lacks)), ("origin", "出处", None)],
        "legend": [{"code": code, "mark": mark, "name": name} for code, (mark, name) in MARKS.items() if mark and (code in "fdup" or matrix.totals[code])],
    }  # fmt: skip


def _lists(matrix: Matrix, columns: Sequence[int]) -> dict[str, Any]:
    letters = list(dict.fromkeys(rule.family for rule in matrix.rules))
    kept = [matrix.rules[at] for at in columns]
    of_family = [{"letters": f, "name": matrix.families.get(f, ""), "count": sum(rule.family == f for rule in kept)} for f in letters]
    return {
        "families": of_family,
        "shown_families": [f for f in of_family if f["count"]],
        "shown_rules": [{"id": r.id, "title": r.title, "first": at == 0 or kept[at - 1].family != r.family} for at, r in enumerate(kept)],
        "ranked": [_ranked(matrix, matrix.units[at]) for at in matrix.ranking],
        "groups": [_group(matrix, group) for group in matrix.groups[:_GROUPS]],
        "groups_left": max(0, len(matrix.groups) - _GROUPS),
        "rule_families": [{**f, "rules": [_rule(rule) for rule in matrix.rules if rule.family == f["letters"]]} for f in of_family],
        "lacks": matrix.lacks[:_LACKS],
        "lacks_left": max(0, len(matrix.lacks) - _LACKS),
    }


def _ranked(matrix: Matrix, unit: Unit) -> dict[str, Any]:
    counts = [("error", unit.errors), ("warning", unit.warnings), ("info", unit.infos), ("doubtful", unit.doubtful), ("undecided", unit.undecided)]
    if any(one.waived for one in matrix.units):
        counts.append(("quiet", unit.waived))
    if matrix.decided:
        counts += [("quiet", unit.dismissed), ("warning", unit.recheck)]
    if matrix.compared:
        counts += [("new", unit.new), ("quiet", unit.fixed)]
    message = unit.message or ("没有一项核对能够判断" if unit.status != "judged" else "")
    return {"rank": unit.rank, "name": unit_name(unit), "link": unit.link, "href": href(unit.link), "year": unit.year or "", "counts": counts, "message": message, "file": unit.path}


def _group(matrix: Matrix, group: Group) -> dict[str, Any]:
    names = [unit_name(matrix.units[at]) for at in group.units]
    more = f" 等 {len(names)} 个" if len(names) > _NAMES else ""
    known = list(group.rules)
    outcome = _OUTCOME[group.code]
    return {
        "kind": group.kind, "what": group.what, "units": len(group.units), "places": group.places_text, "names": "、".join(names[:_NAMES]) + more,
        "rules": "、".join(known[:12]) + (f" 等 {len(known)} 条" if len(known) > 12 else ""), "severity": group.severity, "severity_zh": SEVERITY_ZH[group.severity],
        "outcome": outcome, "outcome_zh": MARKS[group.code][1], "example": said(group.example),
    }  # fmt: skip


def _rule(rule: Rule) -> dict[str, Any]:
    names = ("fail", "doubtful", "undecided", "quiet", "zero")
    counts = [(name, rule.reports[code]) for name, code in zip(names, "fdupn", strict=True)]
    rate = rule.rate
    share = f"{rate.share * 100:.0f}%（{rate.false}/{rate.decided}）" if rate is not None and rate.share is not None else ""
    return {"id": rule.id, "title": rule.title, "severity": rule.severity, "severity_zh": SEVERITY_ZH[rule.severity], "counts": [*counts, ("quiet", rule.places)],
            "share": share, "note": rate.note if rate is not None else ""}  # fmt: skip


def _origin(material: Material) -> dict[str, Any]:
    lines = provenance_lines(material)
    own = [line for line in lines if line[0] == "报告"]
    return {"provenance": [line for line in lines if line[0] != "报告"] if len(own) > _FILES else lines, "files": own if len(own) > _FILES else []}


def _row(matrix: Matrix, at: int, columns: Sequence[int]) -> str:
    """A row as the page's script draws it, too."""
    unit = matrix.units[at]
    counts = " ".join(filter(None, (str(unit.year or ""), f"错 {unit.errors}" if unit.errors else "", f"警 {unit.warnings}" if unit.warnings else "", f"提 {unit.infos}" if unit.infos else "")))
    name = _html(unit_name(unit))
    named = f'<a href="{_html(href(unit.link))}">{name}</a>' if unit.link else name
    head = f'<th scope="row" title="{name} {_html(unit.path)}"><div><span>{named}</span><small>{_html(counts)}</small></div></th>'
    whole = whole_line(unit)
    if whole:
        return f'<tr data-u="{at}" class="whole">{head}<td colspan="{max(len(columns), 1)}">{_html(whole)}</td></tr>'
    cells = []
    for place, column in enumerate(columns):
        code, rule = unit.cells[column], matrix.rules[column]
        kind = f"f {rule.severity}" if code == "f" and rule.severity != "error" else code
        first = " first" if place == 0 or matrix.rules[columns[place - 1]].family != rule.family else ""
        number = unit.places.get(column, 0)
        text = MARKS[code][0] + (str(number) if number > 1 else "")
        inner = f"<button type=button>{text}</button>" if code in TELLING else text
        attribute = f'"{kind}{first}"' if " " in kind + first else kind
        cells.append(f"<td class={attribute}>{inner}")
    return f'<tr data-u="{at}">{head}{"".join(cells)}</tr>'


def whole_line(unit: Unit) -> str:
    """What stands across the row of a report to which no rule was applied; "" for any other."""
    return (unit.message or "没有核对") if not unit.cells.strip("-") else ""


def _data(matrix: Matrix, columns: Sequence[int]) -> dict[str, Any]:
    return {
        "rules": [[shown(r.id), shown(r.title), shown(r.family), r.severity, r.telling] for r in matrix.rules],
        "families": {f: shown(name) for f, name in matrix.families.items()},
        "marks": MARKS,
        "telling": TELLING,
        "shown": list(columns),
        "order": list(matrix.ranking),
        "units": [_unit(unit) for unit in matrix.units],
    }


def _unit(unit: Unit) -> list[Any]:
    places = {str(rule): count for rule, count in unit.places.items() if count > 1}
    counts = [unit.errors, unit.warnings, unit.infos]
    return [shown(unit_name(unit)), str(unit.year or ""), shown(unit.path), href(unit.link), unit.status, shown(whole_line(unit)), *counts, unit.cells, places, unit.new, unit.rank]


def _items(matrix: Matrix) -> dict[str, Any]:
    """What the cells are about: at most so many to a cell, reasons that repeat once."""
    found: dict[str, list[list[Any]]] = {}
    left: dict[str, dict[str, int]] = {}
    texts: dict[str, int] = {}
    taken: dict[tuple[int, int], int] = {}
    written = 0
    for item in matrix.items:
        cell = item.unit, item.rule
        taken[cell] = taken.get(cell, 0) + 1
        if taken[cell] > SHOWN_PER_CELL or written >= MOST_ITEMS:
            mine = left.setdefault(str(item.unit), {})
            mine[str(item.rule)] = mine.get(str(item.rule), 0) + 1
            continue
        written += 1
        text = said(item.finding.sentence or item.finding.reason or item.finding.check or item.finding.title)
        at = texts.setdefault(text, len(texts)) if item.code == "u" else -1
        extra = "，".join(filter(None, ("新增" if item.new else "", aside(item.finding))))
        found.setdefault(str(item.unit), []).append([item.rule, item.code, item.finding.severity, "" if at >= 0 else text, at, extra])
    return {"units": found, "left": left, "texts": list(texts)}


def aside(finding: Finding) -> str:
    """Who accepted a finding, or what people made of it, in a few words."""
    if finding.waiver is not None:
        return xml_text(f"{finding.waiver.approver}批准豁免至 {finding.waiver.expires}：{finding.waiver.reason}", 120)
    if finding.decision is not None:
        return xml_text(f"{finding.decision.shown}（{finding.decision.by} {finding.decision.date}）{finding.decision.note}", 120)
    return ""


@lru_cache(maxsize=4096)
def said(text: str) -> str:
    """A sentence of a finding, made harmless and cut."""
    return xml_text(text, _SAID)


def unit_name(unit: Unit) -> str:
    """The unit; of a report that does not say, its file."""
    return unit.name or unit.path.replace("\\", "/").rsplit("/", 1)[-1]


def href(link: str) -> str:
    """A relative address: what a file is called never becomes a scheme or another site."""
    return "./" + quote(link, errors="replace") if link else ""


def _html(text: str) -> str:
    return escape(str(shown(text)))


def _embedded(value: Any) -> str:
    """JSON that cannot end the script element it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _asset(name: str) -> str:
    return files("juesuan_rules.outputs.matrix").joinpath("assets", name).read_text("utf-8")

