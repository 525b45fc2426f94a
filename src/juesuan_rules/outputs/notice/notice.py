"""The 整改通知 of one report as a Word document: complete in form, with fields for what only the sender knows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from juesuan_rules.material import Material, Subject
from juesuan_rules.outputs.errors import OutputUnavailable
from juesuan_rules.outputs.notice.contents import IN_BODY, Group, Letter, letter
from juesuan_rules.outputs.notice.paper import Field, Paper, Piece, Strong
from juesuan_rules.outputs.provenance_lines import provenance_lines
from juesuan_rules.outputs.telling import base_name
from juesuan_rules.renderings.console import conclusion
from juesuan_rules.renderings.plain import safe

_CHINESE = "零一二三四五六七八九十"


def render_notice(subject: Subject, material: Material) -> bytes:
    """The letter as a .docx. Without anything to put right it is no 整改通知 but a short 核对情况的说明 under another title,
    so that it cannot be sent by mistake. Raises OutputUnavailable for a report that was not judged."""
    report = subject.full
    if report.status != "judged":
        raise OutputUnavailable(f"这份报告没有核对出结果，写不成整改通知：{safe(report.message) or '没有一项核对能够判断'}")
    told = letter(subject)
    checked = datetime.fromisoformat(material.provenance["time"])
    paper = Paper(_title(told, "某单位"), checked.replace(tzinfo=None))
    paper.paragraph("公文机关", Field("发文机关标志"))
    paper.paragraph("公文字号", Field("发文字号"))
    paper.paragraph("公文标题", *_pieces(_title(told, "\0"), told))
    paper.paragraph("公文主送", *_pieces("\0：", told))
    _opening(paper, told, subject, checked)
    sections = _sections(paper, told)
    if told.problems:
        _demands(paper, sections)
    _ending(paper, told)
    _figures(paper, told)
    _hints(paper, told)
    _remarks(paper, told, subject, material)
    return paper.saved()


def _title(told: Letter, unit: str) -> str:
    what = "公开有关问题的整改通知" if told.problems else "公开核对情况的说明"
    return f"关于{told.unit or unit}{f'{told.year}年度' if told.year else ''}部门决算{what}"


def _pieces(text: str, told: Letter) -> list[Piece]:
    """The text with the unit's name where \\0 stands, or a field for it."""
    before, gap, after = text.partition("\0")
    return [before, told.unit or Field("单位名称"), after] if gap else [text]


def _opening(paper: Paper, told: Letter, subject: Subject, checked: datetime) -> None:
    report = subject.full
    used = report.packs[-1] if report.packs else None
    rules = len(report.rules)
    problems, confirm, _ = told.counts
    said = [f"{problems} 项不符须整改" if problems else "没有发现须整改的问题", f"{confirm} 项存疑请你单位核实" if confirm else ""]
    year = f"{told.year}年度" if told.year else ""
    by = f"核对采用规则包 {used.id} {used.version}，共 {rules} 条规则、{len(report.findings):,} 项核对" if used else f"共核对 {rules} 条规则"
    paper.paragraph(
        "公文正文",
        "根据",
        Field("《中华人民共和国预算法》及预决算公开有关规定"),
        f"，我们于{checked.year}年{checked.month}月{checked.day}日对你单位公开的{year}部门决算（文件“{base_name(report.source.path)}”）进行了核对。{by}。"
        f"核对结果：{'，'.join(part for part in said if part)}。现将有关情况{'通知' if problems else '说明'}如下：",
    )


def _sections(paper: Paper, told: Letter) -> int:
    """The problems and what is to be confirmed; how many sections there are."""
    number = 0
    for title, groups, count in (("须整改的问题", told.problems, told.counts[0]), ("请核实的事项", told.confirm, told.counts[1])):
        if not groups:
            continue
        number += 1
        paper.paragraph("公文一级", f"{_CHINESE[number]}、{title}")
        if title == "请核实的事项":
            paper.paragraph("公文正文", "下列事项因报告中有的数读得不确定或资料不全，尚不能认定，请对照原件核实后答复。")
        for at, group in enumerate(groups, start=1):
            _group(paper, at, group)
        left = count - sum(len(group.items) for group in groups)
        if left:
            paper.paragraph("公文正文", f"以上列出 {IN_BODY} 项，另有 {left:,} 项见附件1。")
    return number


def _group(paper: Paper, at: int, group: Group) -> None:
    paper.paragraph("公文二级", f"（{_in_chinese(at)}）{group.title.rstrip('。')}。")
    for item in group.items:
        figures = f"{item.figures.rstrip('。')}。" if item.figures else ""
        more = f"{item.more.rstrip('。')}。" if item.more else ""
        paper.paragraph("公文正文", Strong(f"问题{item.number}（{item.grade}）"), f"　{item.sentence.rstrip('。')}。{figures}{more}（规则 {item.rule}）")
    if group.hints:
        paper.paragraph("公文正文", Strong("可能的原因："), f"{group.hints.rstrip('。')}。")
    paper.paragraph("公文正文", Strong("依据："), f"{group.basis}。")


def _demands(paper: Paper, sections: int) -> None:
    paper.paragraph("公文一级", f"{_CHINESE[sections + 1]}、整改要求")
    paper.paragraph("公文正文", "（一）对上述问题逐项核实，查明原因；属于数据、文字错误的予以更正，并检查相关的表格和说明是否须一并更正；认为不属于错误的，说明理由并附佐证材料。")
    paper.paragraph("公文正文", "（二）更正后的部门决算在原公开渠道重新公开，并注明更正情况。")
    paper.paragraph("公文正文", "（三）请于", Field("整改期限：　　年　月　日"), "前将整改情况书面报送", Field("接收部门"), "，写明各问题的编号、原因、更正前后的数和公开网址。")
    paper.paragraph("公文正文", "联系人：", Field("联系人"), "　联系电话：", Field("联系电话"))


def _attachments(told: Letter) -> list[str]:
    names = ["涉及的数一览"] if told.rows else []
    names += ["供参考的提示"] if told.hints else []
    return [*names, "核对说明和溯源"]


def _ending(paper: Paper, told: Letter) -> None:
    names = _attachments(told)
    paper.paragraph("公文正文", "")
    for number, name in enumerate(names, start=1):
        paper.paragraph("公文正文", f"{'附件：' if number == 1 else '　　　'}{f'{number}.' if len(names) > 1 else ''}{name}")
    paper.paragraph("公文正文", "")
    paper.paragraph("公文落款", Field("发文机关（印章）"), "　　")
    paper.paragraph("公文落款", Field("成文日期：　　年　月　日"), "　　")


def _attachment(paper: Paper, told: Letter, name: str) -> None:
    names = _attachments(told)
    number = str(names.index(name) + 1) if len(names) > 1 else ""
    paper.paragraph("公文附件", f"附件{number}　{name}", page_break=True)


def _figures(paper: Paper, told: Letter) -> None:
    if not told.rows:
        return
    _attachment(paper, told, "涉及的数一览")
    paper.paragraph("公文小字", "“与之核对的数”是同一项核对中另一边的数（印的或算出的），两边哪一个有误须对照原件查明；空的是算式中的一项，不能单独推算。编号①②③与其他核对结果一致。")
    rows: list[Sequence[str]] = [(str(row.number), row.name, row.printed, row.expected, row.place) for row in told.rows]
    paper.table(("问题", "数", "印作", "与之核对的数", "位置"), (12, 58, 32, 28, 26), rows)
    if told.rows_left:
        paper.paragraph("公文小字", f"另有 {told.rows_left:,} 行没有列出，见底稿。")


def _hints(paper: Paper, told: Letter) -> None:
    if not told.hints:
        return
    _attachment(paper, told, "供参考的提示")
    paper.paragraph("公文小字", "下列各项不要求整改，供完善公开内容时参考。")
    paper.table(("编号", "规则", "情况"), (12, 44, 100), [(str(number), rule, text) for number, rule, text in told.hints])
    left = told.counts[2] - len(told.hints)
    if left:
        paper.paragraph("公文小字", f"另有 {left:,} 项没有列出。")


def _remarks(paper: Paper, told: Letter, subject: Subject, material: Material) -> None:
    _attachment(paper, told, "核对说明和溯源")
    paper.paragraph("公文小字", conclusion(subject.full))
    for text in told.remarks:
        paper.paragraph("公文小字", text)
    paper.paragraph("公文小字", "")
    paper.table(("溯源", "内容"), (24, 132), _own_provenance(subject, material))


def _own_provenance(subject: Subject, material: Material) -> list[tuple[str, str]]:
    """The provenance without the command, whose paths are of no concern outside; of a batch only what is about this report:
    the letter goes to its unit, who need not read of others."""
    report = subject.full
    lines = [(label, text) for label, text in provenance_lines(material) if label != "命令"]
    if len(material.run.reports) + len(material.run.failures) == 1:
        return lines
    digests = [source.sha256.removeprefix("sha256:") for source in (report.source, *report.parts)]
    packs = [pack.digest for pack in report.packs]
    return [
        (label, text)
        for label, text in lines
        if (label != "报告" or any(digest in text for digest in digests)) and (label != "规则包" or any(digest in text for digest in packs))
    ]


def _in_chinese(number: int) -> str:
    """一 … 九十九; larger ones in digits."""
    if number >= 100:
        return str(number)
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else f"{_CHINESE[tens]}十")
    return head + (_CHINESE[ones] if ones else "") or _CHINESE[0]
