"""The findings told by each output, read back by programs that did not write it."""

from __future__ import annotations

import csv
import html
import json
import re
import zipfile
from io import BytesIO, StringIO
from typing import Any
from xml.etree import ElementTree

import msgspec
from lxml import etree
from lxml import html as pages

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


class Told(msgspec.Struct, frozen=True, order=True):
    """A finding as an output tells it."""

    number: int
    severity: str
    rule: str
    sentence: str


def squeezed(text: str) -> str:
    """A text without white space, for outputs break lines where they like."""
    return "".join(text.split())


def of_html(data: bytes) -> list[Told]:
    root = pages.document_fromstring(data.decode(), parser=pages.HTMLParser(encoding="utf-8"))
    found = []
    for one in root.xpath("//details[contains(concat(' ',@class,' '),' finding ')]/summary"):
        say = one.xpath("span[@class='say']")[0]
        verdict = say.xpath("b")[0]
        found.append(Told(int(one.xpath("string(span[@class='no'])")), one.xpath("string(span[contains(@class,'level')])"), one.xpath("string(.//span[@class='rule'])"), squeezed(verdict.tail or "")))
    return found


def of_xlsx(data: bytes) -> list[Told]:
    """From 结论, and the same from 底稿."""
    import openpyxl

    book = openpyxl.load_workbook(BytesIO(data), data_only=True)
    listed, paper = list(book["结论"].iter_rows(values_only=True)), list(book["底稿"].iter_rows(values_only=True))
    top = next(at for at, row in enumerate(listed) if str(row[0] or "").startswith("发现（"))
    count = int(re.findall(r"\d+", str(listed[top][0]))[0])
    found = [Told(int(str(row[0])), str(row[1]), str(row[2]), squeezed(str(row[5] or ""))) for row in listed[top + 2 : top + 2 + count]]
    head = next(at for at, row in enumerate(paper) if row[0] == "索引号")
    columns = {str(name): at for at, name in enumerate(paper[head])}
    again = [Told(int(str(row[0])), str(row[columns["级别"]]), str(row[columns["规则"]]), squeezed(str(row[columns["说明"]] or ""))) for row in paper[head + 1 : head + 1 + count]]
    assert again == found
    return found


def of_pdf(data: bytes) -> tuple[list[Told], set[int]]:
    """From the annotations; and the numbers of findings that the note says have no place."""
    import pikepdf

    found: dict[int, Told] = {}
    unplaced: set[int] = set()
    with pikepdf.open(BytesIO(data)) as document:
        for page in document.pages:
            for annotation in page.get("/Annots", []):
                text = str(annotation.get("/Contents", ""))
                if annotation.get("/Subtype") == "/Stamp":
                    told = re.search(r"没有可标位置的发现（.*?）：(.*)", text)
                    for first, last in re.findall(r"(\d+)(?:–(\d+))?", told.group(1) if told else ""):
                        unplaced |= set(range(int(first), int(last or first) + 1))
                    continue
                for number, severity, rule, sentence in re.findall(r"^(\d+)-\S+ \S+?（(错误|警告|提示)） (\S+) [^\n]*\n([^\n]*)", text, re.MULTILINE):
                    found[int(number)] = Told(int(number), severity, rule, squeezed(sentence))
    return sorted(found.values()), unplaced


def of_docx(data: bytes) -> list[Told]:
    """The letter speaks in names of its own: what it tells apart from them is the number, the rule, and the amounts."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        root = etree.fromstring(archive.read("word/document.xml"))
    found = []
    for paragraph in root.iter(f"{_W}p"):
        text = "".join(part.text or "" for part in paragraph.iter(f"{_W}t"))
        told = re.match(r"问题(\d+)（(错误|警告|提示)）　(.*)（规则 (\S+)）$", text)
        if told:
            found.append(Told(int(told[1]), told[2], told[4], squeezed(told[3])))
    for table in root.iter(f"{_W}tbl"):
        rows = [["".join(part.text or "" for part in cell.iter(f"{_W}t")) for cell in row.iter(f"{_W}tc")] for row in table.iter(f"{_W}tr")]
        if rows and rows[0] == ["编号", "规则", "情况"]:
            found += [Told(int(row[0]), "提示", row[1].split()[0], squeezed(row[2])) for row in rows[1:]]
    return sorted(found)


def of_sarif(data: bytes) -> list[Told]:
    found = []
    for result in json.loads(data)["runs"][0]["results"]:
        held = result["properties"]
        if "number" in held:
            found.append(Told(held["number"], held["severity"], result["ruleId"], squeezed(re.sub(r"\\(.)", r"\1", result["message"]["text"]).removeprefix("存疑：").removeprefix("规则出错："))))
            assert result["level"] == ({"错误": "error", "警告": "warning", "提示": "note"}[held["severity"]] if held["outcome"].startswith("不符") else "none")
    return found


def of_junit(data: bytes) -> list[Told]:
    """A case is of one rule; each of its findings is a line that begins with its number. The severity is the rule's."""
    found = []
    for case in ElementTree.fromstring(data).iter("testcase"):
        for element in (*case.findall("failure"), *case.findall("error")):
            severity = (re.findall("（(错误|警告|提示)）", element.get("type", "")) or [""])[0]
            for number, sentence in re.findall(r"^(\d+)\. (?:存疑：)?(.*)$", element.text or "", re.MULTILINE):
                found.append(Told(int(number), severity, str(case.get("name")).split()[0], squeezed(sentence)))
    return sorted(found)


def of_csv(data: bytes) -> list[Told]:
    assert data.startswith(b"\xef\xbb\xbf")
    rows = csv.DictReader(StringIO(data.decode("utf-8-sig"), newline=""))
    return [Told(int(row["序号"]), row["级别"], row["规则"], squeezed(row["句子"].removeprefix("'") or row["原因"])) for row in rows if row["序号"]]


def of_md(data: bytes) -> list[Told]:
    """From the Markdown as rendered."""
    from markdown_it import MarkdownIt

    root = pages.fragment_fromstring(MarkdownIt("commonmark").enable("table").render(data.decode()), create_parent="div")
    found = []
    for heading in root.iter("h4"):
        told = re.match(r"(\d+)\. \S+?（(错误|警告|提示)）(\S+)", heading.text_content())
        assert told, heading.text_content()
        found.append(Told(int(told[1]), told[2], told[3], squeezed(html.unescape(heading.getnext().text_content()))))
    return sorted(found)


def of_json(value: dict[str, Any]) -> list[Told]:
    """What is wrong or doubtful, numbered as documented: worst first, one root cause together, waived ones last."""
    severities, names = ["error", "warning", "info"], ["错误", "警告", "提示"]
    findings = value["findings"]
    causes = {cause["id"] for cause in value["causes"]}
    told = [at for at, one in enumerate(findings) if one["outcome"] in ("rule_error", "fail", "doubtful")]

    def group(at: int) -> list[int]:
        cause = findings[at]["cause"]
        return [other for other in told if findings[other]["cause"] == cause] if cause in causes else [at]

    def rank(at: int) -> tuple[bool, int, int, int]:
        return bool(findings[at]["waiver"]), min(severities.index(findings[other]["severity"]) for other in group(at)), min(group(at)), at

    ordered = [findings[at] for at in sorted(told, key=rank)]
    return [Told(number, names[severities.index(one["severity"])], one["rule"], squeezed(one["sentence"] or one["reason"] or one.get("check") or one["title"])) for number, one in enumerate(ordered, start=1)]
