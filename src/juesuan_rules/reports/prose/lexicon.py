"""The closed-class words of the genre: what tells a value from a change, a share, a budget, a reason.

Everything the clause grammar knows of words stands here, in tables; open-class words (what the money is
for) are never listed. A table is a `Words`: a set with the lengths that occur, so that asking what a text
ends or starts with costs one look-up per length.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_WHOLE_WORDS = ("节约", "预约", "合约", "国有", "保有", "公有", "所有", "拥有", "公共", "中共", "存在", "现在", "尤其", "行为", "作为", "认为")


class Words:
    """A set of words to be looked for at the end or at the start of a text, the longest first."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = frozenset(words)
        self.lengths = sorted({len(word) for word in self.words}, reverse=True)

    def at_end(self, text: str) -> str:
        """The longest word the text ends with, or ""."""
        return next((text[-n:] for n in self.lengths if text[-n:] in self.words), "")

    def at_start(self, text: str) -> str:
        """The longest word the text starts with, or ""."""
        return next((text[:n] for n in self.lengths if text[:n] in self.words), "")

    def cut_end(self, text: str) -> str:
        """The text without any of the words at its end, however many there are."""
        while text and (word := self.at_end(text)):
            text = text[: -len(word)]
        return text

    def cut_links(self, text: str) -> str:
        """As `cut_end`, but for words that only look as if they ended so (节约, 国有)."""
        while text and not text.endswith(_WHOLE_WORDS) and (word := self.at_end(text)):
            text = text[: -len(word)]
        return text

    def cut_start(self, text: str) -> str:
        """The text without any of the words at its start, however many there are."""
        while text and (word := self.at_start(text)):
            text = text[len(word) :]
        return text


def _words(text: str) -> Words:
    return Words(text.split())


UP, DOWN, LEVEL = "增加", "减少", "持平"
_UP = "增加 增长 上升 提高 上涨 提升 增多 增收 增支 多支 多支出 超支 超出 扩大 增幅 涨幅 升幅 追加 调增"
_DOWN = "减少 下降 降低 下浮 回落 缩减 压缩 压减 节约 节省 节支 减支 少支 少支出 缩小 降幅 减幅 核减 调减 下滑 短收 减收"
DIRECTIONS: dict[str, str] = {**dict.fromkeys(_UP.split(), UP), **dict.fromkeys(_DOWN.split(), DOWN)}
"""Words of change and what they say."""
CHANGE = Words(DIRECTIONS)
SHORT_DIRECTIONS: dict[str, str] = {"增": UP, "升": UP, "涨": UP, "多": UP, "超": UP, "减": DOWN, "降": DOWN, "少": DOWN, "跌": DOWN}
"""Single characters of change: believed only directly after a comparison or at the start of a clause."""
CHANGE_NOUNS = _words("额 数 额度 幅度 金额 数额 比例 比率 率 支出 收入 幅 的比例 的幅度 百分比 经费 资金")
"""What may stand between a word of change and its figure (增加额, 下降幅度, 减少支出)."""
RATE_NOUNS = _words("增减率 增长率 变动率 变化率 增减幅度 变动幅度 增减变化率 增减比例 增减百分比 增速")
DIFFERENCE_NOUNS = _words("增减额 增减变化 增减数 增减 变动额 变动数 差额")
TO = _words("到 至 到了 至了 为")
BEFORE_CHANGE = _words("各 均 分别 同比 环比 略 略有 有所 大幅 小幅 净 共 也 则 相应 总体 一共 合计 又 再 各自 都 同步 实际 相对 ，")

LINKS = _words("为 是 达 达到 共 共计 约 近 了 仅 仅为 均 各 有 ： ， 只有 逾 超过 大约 将近 约为 约计 等于 累计 分别 均为 共为 合计为 总共 其 即 为约 （ “ 在")
"""What stands between a noun phrase and its figure."""
JOINERS = _words("和 及 与 以及 、 ， ； 跟 或 而")

BUDGET = _words(
    "年初预算 年初预算数 年初预算安排 年初预算安排数 年初预算批复数 年初预算金额 年初批复预算 年初批复预算数 年初部门预算 年初安排预算 年初预算支出 年初预算收入 全年预算 全年预算数 全年预算安排 "
    "预算 预算数 预算额 预算安排 预算安排数 预算批复数 调整预算 调整预算数 调整后预算 调整后预算数 年度预算 年度预算数 当年预算 当年预算数 本年预算 本年预算数 财政拨款预算 "
    "部门预算 部门预算数 支出预算 支出预算数 收入预算 预算指标 批复预算 批复预算数 预算总额 全年预算总额 年初预算总额 预算安排支出 预算金额 全年预算金额 预算资金 全年预算资金 "
    "年初结转预算 预算控制数 预算总数 预算支出 预算收入 年中预算 预算合计"
)
"""What a noun phrase ends with where its figure is the subject's budget. 一般公共预算 and the like are names."""
BUDGET_NAMES = _words("一般公共预算 公共财政预算 公共预算 政府性基金预算 国有资本经营预算 社会保险基金预算 基金预算 经营预算 国资预算")
SETTLED = _words("决算 决算数 决算额 决算总额 决算金额 决算数额 决算支出 决算收入 决算总数")
EXECUTED = _words("执行数 全年执行数 实际执行数 实际执行 执行金额 实际执行金额 全年实际执行数 全年执行 全年执行金额 预算执行数 资金执行数 执行资金 支出执行数 执行总额 年度执行数")
COMPLETION = _words("完成率 执行率 预算完成率 预算执行率 支出完成率 支出执行率 执行进度 支出进度 预算执行进度 完成比例 完成进度 资金执行率 决算完成率 完成预算率 完成比率 预算完成比例 支付率 支出率 预算支出率")
SHARE = _words("占比 占 比重 比例 占比例 所占比例 所占比重 占总额比例 百分比 占比重 比率")
SCORE = _words("得分 自评得分 评分 自评分 自评得分为 综合得分 总得分 评价得分 绩效得分 自评总分 总分 均分 平均分 自评分数 得分数 评价分 平均得分 评价总得分 综合评分 分数 最终得分")

PERIODS = (
    "上年 上一年 上半年 去年 年初 全年预算 预算 当年预算 本年预算 年度预算 调整预算 调整后 批复 部门预算 财政批复 往年 上期 同期 决算 支出预算 收入预算 财政预算 "
    "当年年初 本年年初 本年度预算 当年度预算 本年度年初 当年度年初 部门年初 原预算 既定预算 同年预算 中期"
).split()
"""What a comparison may be with; 2022 年 and the like beside them."""
_PERIOD = "|".join(sorted(PERIODS, key=len, reverse=True))
COMPARISON = re.compile(rf"(?:与|比|较|同|和|对比|相比|相较于?|比较|跟)(?=(?:本部门|我单位|本单位|其)?(?:(?:{_PERIOD})|20\d\d年?(?:度|初)?))")
"""The preposition of a comparison, in front of what is compared with."""
ENDS_COMPARISON = _words("相比 相比较 比较 对比 相较 比 相对比 而言 来看 比起来 口径相比 相比， 的")
YEAR = re.compile(r"20\d\d年(?:度|初|末|底)?")
PRIOR = _words("上年 上年度 上一年 上一年度 去年 上年同期 去年同期")
NOT_PRIOR = ("结转", "结余", "末", "年末", "滚存", "未", "应")
"""After 上年 these make a noun phrase of this year's money (上年结转)."""

SAME = ("持平", "一致", "相同", "无变化", "没有变化", "无增减", "未发生变化", "无差异", "没有差异", "相等", "未增加", "未减少", "没有增加", "没有增减", "未增减", "不变", "无变动", "未变化", "未发生增减", "没有变动", "相符")
ABOVE, BELOW = ("大于", "高于", "超过", "多于", "超出", "超"), ("小于", "低于", "少于", "不足")

REASONS = (
    "主要原因", "变动原因", "增减原因", "差异原因", "增加原因", "减少原因", "增长原因", "下降原因", "原因：", "原因是", "原因为", "的原因", "原因主要", "主要是由于", "主要是因为", "主要系", "主要因", "主要由于",
    "是由于", "是因为", "由于", "因为", "主要是", "主要为", "系因", "主要变动", "主因是", "原因系", "原因在于", "主要在于", "原因",
)  # fmt: skip
"""Words a reason begins with."""
PURPOSES = ("主要用于", "主要是用于", "用于", "主要反映", "主要支出", "主要开支", "主要为保障", "主要是为")
"""What the money is for: may stand between a value and what is said of it."""
STILL_REASON = re.compile(r"^(?:.{0,30}(?:一|二|三|四)是|[一二三四五六七八九]是|[一二三四五六七八九]、|另一方面|一方面|同时|其次|再次|最后|此外|（[一二三四五六七八九\d]）|[①-⑨])")

OPENERS = _words(
    "其中 包括 主要包括 具体包括 其中包括 包含 分别为 分为 分别是 具体为 具体是 其中主要包括 主要包含 具体如下 具体情况如下 构成如下 主要构成 其构成为 具体构成 构成情况如下 "
    "以下方面 用于以下方面 主要用于以下方面 主要用于以下几方面 以下几个方面 主要用于以下几个方面 以下几方面 情况如下 分类如下 如下 "
    "其中主要是 其中主要有 其中重点 其中主要 如 例如 比如 主要有 主要项目有 重点包括 由以下构成 构成 组成 组成如下"
)
"""What opens a list of parts."""
WEAK_OPENERS = frozenset("主要是 主要为 其中主要是 其中主要有 其中重点 其中主要 如 例如 比如 主要有 主要项目有 重点包括 其中主要包括".split())
"""Openers of lists that say themselves that they are not whole."""
USED_FOR = _words("主要用于 用于 主要是用于 支出主要用于")
"""Openers where a colon and the list follow, else the beginning of a purpose."""
MAINLY = frozenset("主要包括 主要包含 主要构成 主要用于 用于 主要是用于 支出主要用于".split())
"""Whole by the genre's template where everything has its figure; see `lists`."""
OPEN_END = ("等", "等方面", "等等", "等支出", "等经费", "等项目", "等费用")
REST = ("其他", "其它", "其余", "以及", "剩余")

GENERIC = frozenset(
    "支出 决算 决算支出 实际支出 实际支出数 支出数 项目 该项目 本项目 其 该 该项 此项 全年 金额 资金 总计 合计 共 执行 决算数 支出决算 决算总额 预算 实际 实际完成 实际使用 "
    "完成支出 支出完成 支出合计数 全年支出 本项 费用支出 实际收入 数额 数 总额 两项 各 经费 费用 支出金额 项目资金 项目支出决算 该科目 决算支出数 完成数 本年实际支出 年度支出 支付 已支出 实际支付".split()
)
"""Noun phrases that stand for the subject already named."""
