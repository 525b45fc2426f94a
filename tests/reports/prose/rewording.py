"""The same facts told otherwise: changes of verbs, order and layout that change no fact, worked on unfilled texts."""

from __future__ import annotations

import re
from collections.abc import Callable

Rewording = Callable[[str], str]
_ITEM = r"[^，。；：、\n\[\]（）]{2,24}\[[^\]]*\]万元(?:，占[^，。；：\n\[\]]{0,14}\[[^\]]*\]%)?"
_LIST = re.compile(rf"其中：({_ITEM}(?:；{_ITEM})+)(?=。)")


def _replaced(*pairs: tuple[str, str]) -> Rewording:
    def reword(text: str) -> str:
        for old, new in pairs:
            text = re.sub(old, new, text)
        return text

    return reword


def wrapped(width: int) -> Rewording:
    """A filled text in lines of so many columns (Chinese characters take two); numbers stay whole, as printers keep them."""

    def layout(text: str) -> str:
        return "\n".join([_wrap(line, width) for line in text.split("\n")])

    return layout


def _wrap(line: str, width: int) -> str:
    out, column = "", 0
    for piece in re.findall(r"[\d.,%]+|.", line):
        wide = sum([1 if char.isascii() else 2 for char in piece])
        if column + wide > width and piece not in "。，；：、）”％":
            out, column = out + "\n", 0
        out, column = out + piece, column + wide
    return out


LAYOUTS: dict[str, Rewording] = {"折行": wrapped(76), "窄行": wrapped(56), "宽行": wrapped(90)}


def _reversed_lists(text: str) -> str:
    """The parts of a list in another order, where each names itself."""
    return _LIST.sub(lambda found: "其中：" + "；".join(reversed(found.group(1).split("；"))), text)


REWORDINGS: dict[str, Rewording] = {
    "年": _replaced((r"(20\d\d)年度(?=[^决部，。])", r"\1年")),
    "上升下降": _replaced(("增长(?=\\[)", "上升"), ("下降(?=\\[)", "降低"), ("减少(?=\\[)", "减少了"), ("增加(?=\\[)", "增加了")),
    "较上年": _replaced((r"与(上年|20\d\d年度?)(?:度)?(决算数)?相比，", r"较\1\2相比，"), (r"比(上年|20\d\d年度?)(?=[增减])", r"较\1")),
    "同比": _replaced((r"[比较](?:上年|2022年度?)(?:度)?(?:决算数?)?(?=[增减])", "同比")),
    "为": _replaced(("完成((?:年初|全年)?预算)的(?=\\[)", r"为\1的"), ("支出总额\\[", "支出总额为["), ("合计\\[", "合计为[")),
    "达到": _replaced(("完成((?:年初|全年)预算)的(?=\\[)", r"达到\1的"), ("支出决算为\\[", "支出决算数为["), ("，占([^，。；：\n\\[]{0,14})\\[", r"，占到\1[")),
    "比重": _replaced(("，占([^，。；：\n\\[的]{3,14})的(?=\\[)", r"，占\1的比重为"), ("，占(?=\\[)", "，占比")),
    "括号": _replaced((r"万元，(占[^，。；：\n\[]{0,14}\[[^\]]*\]%)", r"万元（\1）")),
    "顿号": _replaced((r"(?<=万元)，(?=政府采购[工服])", "、"), (r"(?<=辆)，(?=[^\n。，；：]{2,14}\[[^\]]*\]辆)", "、")),
    "逗号": _replaced((r"(?<=万元)、(?=政府采购[工服])", "，"), (r"(?<=辆)、(?=[^\n。，；：]{2,14}\[[^\]]*\]辆)", "；")),
    "其中": _replaced(("其中：", "其中，"), ("具体情况如下：", "具体如下：")),
    "包括": _replaced(("其中：(?!\n)", "包括："), ("主要包括：?", "包括")),
    "半角": _replaced(("：", ":"), ("，", ","), ("（", "("), ("）", ")"), ("；", ";")),
    "空格": _replaced((r"(\[[^\]]*\])", r" \1 "), ("\n", "\n    ")),
    "颠倒": _reversed_lists,
    "约": _replaced(("支出(?=\\[三公经费\\])", "支出共计"), (r"(?<=[计入出费])(?=\[[^\]]*\]万元)", "共")),
    "原因": _replaced(("主要原因是", "主要是"), ("主要原因：", "主要原因为")),
    "原因句": _replaced(("，主要原因是([^，。；\n]{2,30})。", r"。主要原因：\1。")),
    "本部门": _replaced((r"(?m)^(20\d\d年度?)", r"本部门\1"), (r"(?m)^本部门(20\d\d)", r"某市某局\1")),
    "粗体": _replaced((r"(?m)^(（[一二三四五六七八九十]）[^\n。]{2,30})$", r"**\1**"), (r"(\[[^\]]*\])", r"**\1**")),
}
