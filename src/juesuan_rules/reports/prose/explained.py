"""Which sentences make up the 情况说明, by the headings above them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from juesuan_rules.reports.model import Sentence
from juesuan_rules.reports.prose.lines import PROSE

_NEVER = re.compile(
    r"概况|基本情况|主要职|职责|职能|机构设置|机构构成|单位构成|人员构成|名词|术语|附件|附表|附录|联系方式|反馈|目录|工作完成情况|工作开展情况$|工作总结|评价报告|自评报告|自评表"
)
_ABOUT_DEPARTMENT = re.compile(r"(?:概况|基本情况|职责|职能|机构设置(?:情况)?|单位构成(?:情况)?|人员(?:构成)?情况|名词解释)$")
_OF_TABLE = re.compile(r"表(?:（[^（）]{1,14}）)?$")
_EXPLAINS = re.compile(r"情况(?:的)?说明|决算说明|决算情况|事项(?:的)?说明|说明的?(?:情况|事项)|情况分析|数据分析|文字说明|公开说明")
_TOPIC = re.compile(
    r"收入支出|收支|收入决算|支出决算|决算总体|财政拨款|三公|“三公”|机[关构]运行|政府采购|国有资产|国有资本|政府性基金|绩效|结转|结余|基本支出|项目支出|资产占[用有]|预算执行"
)
_WORK_DONE = re.compile(r"预算|绩效|采购|资产|决算")


def explained(sentences: Sequence[Sentence]) -> frozenset[int]:
    """Positions of the sentences of the 情况说明: prose under its headings, wherever its part stands.

    Without any heading of it the prose under no heading at all counts.
    """
    kinds: dict[tuple[str, ...], bool] = {}
    for sentence in sentences:
        if sentence.sections not in kinds:
            kinds[sentence.sections] = _explains(sentence.sections)
    prose = [n for n, sentence in enumerate(sentences) if sentence.role == PROSE]
    found = frozenset(n for n in prose if kinds[sentences[n].sections])
    return found or frozenset(n for n in prose if not sentences[n].sections)


def _explains(titles: tuple[str, ...]) -> bool:
    """The outermost title that says what the text is decides, but for a chapter on the department itself."""
    if any(_ABOUT_DEPARTMENT.search(title) and not _TOPIC.search(title) for title in titles[1:2]):
        return False
    for title in titles:
        if _EXPLAINS.search(title):
            return True
        if _OF_TABLE.search(title):
            return False
        if _NEVER.search(title) and not _WORK_DONE.search(_NEVER.sub("", title)):
            return False
        if _TOPIC.search(title):
            return True
    return False
