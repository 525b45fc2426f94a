"""Every lint code: one table that messages, pages and tests are made from.

The hundreds: L1 how files are written, L2 names and what is declared, L3 what rules say,
L4 basis, severity, tolerance and cases, L5 comments that silence lint. A code is never reused.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import msgspec

Level = Literal["错误", "警告", "提示"]
LEVELS: tuple[Level, ...] = ("错误", "警告", "提示")


class Example(msgspec.Struct, frozen=True):
    """A file of a small pack (see `examples`): `bad` causes the finding, `good` does not ("": no such file).

    others: further files, as pairs of path and text, the same in both.
    """

    bad: str
    good: str
    path: str = "base/rules/a.yaml"
    others: tuple[tuple[str, str], ...] = ()


class LintCode(msgspec.Struct, frozen=True):
    """One kind of finding. explanation: what is found, exactly; why: what it leads to. fix: what `--fix`
    does, "" where nothing is safe. deep: only found by `lint --deep`."""

    code: str
    level: Level
    title: str
    explanation: str
    why: str
    example: Example
    fix: str = ""
    deep: bool = False

    @property
    def fixable(self) -> bool:
        """Whether `lint --fix` can mend it."""
        return bool(self.fix)


def _rule(check: str, more: str = "", rule: str = "A01-1", title: str = "总表：本年收入合计等于各项收入之和") -> str:
    """A rule file with one rule."""
    lines = [f"  - id: {rule}", f"    title: {title}", f"    check: {check}", *[f"    {line}" for line in more.splitlines()]]
    basis = [] if "basis" in more else ["    basis: [{文号: 预算法, 条款: 第七十五条, 核验: 2026-11-01}]"]
    return "language: 1\nrules:\n" + "\n".join(lines + basis) + "\n"


def _two(first: str, second: str, more: str = "") -> str:
    """A rule file with two rules."""
    return _rule(first) + _rule(second, more, "A01-2", "总表：本年支出合计等于各类支出之和").partition("rules:\n")[2]


def _fact(*entries: str) -> str:
    return "language: 1\nfacts:\n" + "".join(f"  - {entry}\n" for entry in entries)


def _words(*lines: str) -> str:
    return "language: 1\ndictionaries:\n  - name: 科目\n    source: 政府收支分类科目\n    entries: |\n" + "".join(f"      {line}\n" for line in lines)


def _change(action: str, change: str, more: str = "") -> str:
    """An overrides file with one change."""
    return f"language: 1\noverrides:\n  - rule: A01-1\n    action: {action}\n    {change}\n    reason: 当地的口径\n{more}"


def _dated(name: str, years: str, rows: str) -> tuple[str, str]:
    """A dated layout file that changes rows of the income side."""
    return f"base/layouts/{name}.yaml", f"layout: 1\nyears: {years}\ntables:\n  - id: 收入支出决算总表\n    blocks: [{{name: 收入, rows: [{rows}]}}]\n"


_SOUND = "sum(总表.收入) == 总表[本年收入合计] ± 尾差"
_CASES = "language: 1\nrule: A01-1\ncases:\n"
_HOLDS = "  - name: 相等\n    outcome: 相符\n    tables: {总表: {财政拨款收入: 10.00, 本年收入合计: 10.00}}\n"
_FAILS = "  - name: 不等\n    outcome: 不符\n    tables: {总表: {财政拨款收入: 10.00, 本年收入合计: 11.00}}\n"

CODES: tuple[LintCode, ...] = (
    LintCode(
        "L101", "警告", "没有加引号的数会被改写",
        "没有加引号、一般的 YAML 程序会读成另一个数的文字：以 0 开头的编码（0110）、像小数的版本号（1.10）、带下划线或冒号的数。",
        "本程序按原文读取，但别的程序（表格软件、脚本、网页编辑器）会把 0110 存成 72、把 1.10 存成 1.1，规则包传一圈就变了。",
        Example(_rule(_SOUND, "tags: [0110]"), _rule(_SOUND, "tags: ['0110']")),
        "加上引号，一个字也不改。",
    ),
    LintCode(
        "L102", "警告", "没有加引号的 yes、no、on、off",
        "没有加引号、一般的 YAML 程序会读成“真”“假”的词：yes、no、on、off、y、n 等。",
        "别的程序保存一次，这个词就成了 true 或 false。",
        Example(_rule(_SOUND, "tags: [off]"), _rule(_SOUND, "tags: ['off']")),
        "加上引号。",
    ),
    LintCode(
        "L103", "警告", "没有加引号的日期",
        "没有加引号的日期，而这里不是填日期的地方（核验、日期、到期这几个键除外）。",
        "别的程序会把它读成时间，保存时可能换成另一种写法。",
        Example(_rule(_SOUND, "tags: [2024-01-01]"), _rule(_SOUND, "tags: ['2024-01-01']")),
        "加上引号。",
    ),
    LintCode(
        "L104", "错误", "是、否要写成 true、false",
        "该写 true 或 false 的键（optional、numbers_row、remove、verified 等）写成了 是、否、yes、no、on、off。",
        "这样的值不认，这一项等于没有写。",
        Example(
            "language: 1\ndictionaries:\n  - name: 科目\n    verified: 否\n    entries: [甲]\n",
            "language: 1\ndictionaries:\n  - name: 科目\n    verified: false\n    entries: [甲]\n",
            "base/dictionaries/科目.yaml",
        ),
        "是、yes、on 改成 true，否、no、off 改成 false。",
    ),
    LintCode(
        "L105", "提示", "规则文件太长",
        "一个规则文件超过 500 行。",
        "一个文件说一件事，别人才找得到、看得完；太长的文件两个人改容易冲突。",
        Example(_rule(_SOUND) + "# 说明\n" * 500, _rule(_SOUND)),
    ),
    LintCode(
        "L106", "警告", "编号不合本族的写法",
        "编号不是“族字母（可带两位表号）- 序号”（如 A01-2、B-05），也不是“前缀 - 序号”（如 QS-01，或前缀加族：QS-A01-2）。族字母一个；前缀是一个地区、一个单位自己的，两到四个大写字母；有表号的序号一到两位，没有表号的写足两位。",
        "编号是永久的，报表、用例、豁免都用它；写法不一，排序和查找都乱。",
        Example(_rule(_SOUND, rule="SUM-TOTAL1"), _rule(_SOUND)),
    ),
    LintCode(
        "L107", "提示", "规则不在本族的文件里",
        "文件名以“族字母-”开头（如 a-tables.yaml），里面却有别族的规则。",
        "按族分文件，是为了看文件名就知道去哪里找。",
        Example(_rule(_SOUND, rule="B-01"), _rule(_SOUND), "base/rules/a-tables.yaml"),
    ),
    LintCode(
        "L108", "警告", "标题以句号结尾",
        "规则或核对项的标题以句号结尾。",
        "标题会放进表格和句子里，末尾的句号是多余的。",
        Example(_rule(_SOUND, title="总表：本年收入合计等于各项收入之和。"), _rule(_SOUND)),
        "去掉末尾的句号。",
    ),
    LintCode(
        "L109", "警告", "标题没有说核对什么",
        "标题太短、只是编号或“核对”“检查”“规则”一类的话，或者与规则读的表、行、栏、事实和所用函数没有一个词相同。",
        "看报表的人只看到标题，看不到式子；标题要说清楚哪里的什么数应当怎样。",
        Example(_rule(_SOUND, title="数字检查"), _rule(_SOUND)),
    ),
    LintCode(
        "L110", "警告", "两条规则标题相同",
        "两条规则的标题一字不差（归一全角半角之后）。",
        "结果里分不清说的是哪一条。",
        Example(_two(_SOUND, "总表.收入[总计] == 总表.支出[总计]").replace("总表：本年支出合计等于各类支出之和", "总表：本年收入合计等于各项收入之和"), _two(_SOUND, "sum(总表.支出) == 本年支出合计")),
    ),
    LintCode(
        "L201", "错误", "在另一年度或另一地区的版式里不成立",
        "规则在本包最新的版式里没有错，可是在范围之内的另一个版式里（本包较早的年度，或下级地区包的某个年度）找不到它写的表、行、栏，或者单位对不上。",
        "到了那个年度、那个地区，整个规则包都不能用：有错的规则包不核对任何报告。",
        Example(
            _rule("总表[专项收入] >= 0", title="总表：专项收入不是负数"), _rule("总表[专项收入] >= 0", "applies: {年度: 2023..}", title="总表：专项收入不是负数"),
            others=(_dated("早年", "..2022", "{key: 专项收入, remove: true}"), _dated("近年", "2023..", "{key: 专项收入}")),
        ),
    ),
    LintCode(
        "L202", "警告", "在另一版式里要注意",
        "只在范围之内的另一个版式里才有的警告（如在那里结果永远一样）。",
        "在那个年度、那个地区，这条核对可能没有用处。",
        Example(
            _rule("总表[专项收入] == 总表[其他收入] ± 尾差", title="总表：专项收入等于其他收入"),
            _rule("总表[专项收入] == 总表[其他收入] ± 尾差", "applies: {年度: 2023..}", title="总表：专项收入等于其他收入"),
            others=(_dated("早年", "..2022", "{key: 专项收入, remove: true}, {key: 其他收入, aliases: [专项收入]}"), _dated("近年", "2023..", "{key: 专项收入}")),
        ),
    ),
    LintCode(
        "L203", "提示", "没有规则读的事实",
        "facts/ 里声明的事实，没有一条规则写到。整体核对不算：有“前后一致(文字)”时，它在文中几处是否说得一样还是查的，消息里会说明。",
        "没有拿它与表或别的数核对，文字写错了也不会发现；多半是规则删了，或者还没有写。",
        Example(
            _fact("{name: 支出总计, names: [支出总计]}", "{name: 培训人数, names: [培训人数], unit: 人}"), _fact("{name: 支出总计, names: [支出总计]}"), "base/facts/收支.yaml",
            (("base/rules/c.yaml", _rule("文字.支出总计 == 总表.支出[总计]", rule="C-01", title="文字与总表：支出总计一致")),),
        ),
    ),
    LintCode(
        "L204", "提示", "没有规则读的表",
        "版式里的一张表，没有一条规则写到（表齐全、读取完整等整体核对不算）。",
        "这张表印错了也不会发现。",
        Example(_rule(_SOUND), _two(_SOUND, "支出表.基本支出[合计] == sum(支出表.基本支出[类])")),
    ),
    LintCode(
        "L205", "提示", "没有规则读的栏目",
        "版式里一张表的一栏，没有一条规则读它的数（整栏“*”算读到）。",
        "这一栏印错了也不会发现。",
        Example(_rule("支出表.基本支出[合计] == sum(支出表.基本支出[类])"), _rule("支出表.*[合计] == sum(支出表.*[类])")),
    ),
    LintCode(
        "L206", "警告", "两个事实的说法相撞",
        "两个事实有同一个说法，而它们的条件（unit、sections、outside、needs、without）不能保证两者不会同时合用。",
        "文中遇到这个说法，分不清是哪一个，两个事实的核对都靠不住。",
        Example(_fact("{name: 支出总计, names: [总支出]}", "{name: 本年支出合计, names: [总支出]}"), _fact("{name: 支出总计, names: [总支出], outside: [三公]}", "{name: 三公支出, names: [总支出], sections: [三公]}"), "base/facts/收支.yaml"),
    ),
    LintCode(
        "L207", "警告", "说法或词写了两次",
        "一个事实的说法、一个词典的词写了两次（全角半角不同、多个空格也算一样的）。",
        "多余，改一处忘一处。",
        Example(_fact("{name: 支出总计, names: [总支出, 支出总额, 总支出]}"), _fact("{name: 支出总计, names: [总支出, 支出总额]}"), "base/facts/收支.yaml"),
        "去掉后面的一个。",
    ),
    LintCode(
        "L208", "提示", "编码词典没有按编码排序",
        "词都是编码的词典，没有从小到大排列（上级在下级之前）。",
        "排好序，才看得出少了哪个、重了哪个。",
        Example(_words("202 外交支出", "201 一般公共服务支出"), _words("201 一般公共服务支出", "202 外交支出"), "base/dictionaries/科目.yaml"),
        "每行一词的词典按编码排序；里面有注释的不动。",
    ),
    LintCode(
        "L209", "提示", "参数没有用到",
        "版式里声明的参数，没有一条规则写到。",
        "改它没有任何效果，看的人却以为有。",
        Example("layout: 1\nparameters: {支出总计: 不限, 旧口径: 不限}\n", "layout: 1\nparameters: {支出总计: 不限}\n", "base/layouts/口径.yaml", (("base/rules/a.yaml", _rule('若 参数("支出总计") == "不限" 则 总表.支出[总计] >= 0', title="总表：支出总计不是负数")),)),
    ),
    LintCode(
        "L210", "警告", "参数在全国包里没有声明",
        "地区包的版式写了一个最上级的包没有声明的参数，本包的规则也没有用到它。",
        "多半是名称写错了：上级包的规则读的是另一个名称，这里写的不起作用。",
        Example("layout: 1\nparameters: {支出总记: 总计}\n", "layout: 1\nparameters: {支出总计: 总计}\n", "city/layouts/口径.yaml", (("base/layouts/口径.yaml", "layout: 1\nparameters: {支出总计: 不限}\n"),)),
    ),
    LintCode(
        "L211", "警告", "全国包的规则按表号写表",
        "全国包的规则用 01表 这样的表号写表。",
        "表号随地区、年度变（07 在辽宁是三公，在湖北是政府性基金），同一条规则在别处核对的就是另一张表。",
        Example(_rule("sum(01表.收入) == 总表[本年收入合计]"), _rule(_SOUND)),
    ),
    LintCode(
        "L301", "警告", "永远成立",
        "不看报告就知道这项核对一定成立：如个数不小于 0、绝对值不小于 0，或者条件里已经说了的话。",
        "它不会发现任何错误，却让人以为核对过了。",
        Example(_rule("count(总表.收入) >= 0个", title="总表：收入的行数不是负数"), _rule("count(总表.收入) >= 1个", title="总表：收入有数")),
    ),
    LintCode(
        "L302", "错误", "永远不成立",
        "不看报告就知道这项核对一定不成立：要求同时满足互相矛盾的几件事。",
        "每份报告都会被误报。",
        Example(_rule("总表[本年收入合计] > 0 且 总表[本年收入合计] < 0"), _rule("总表[本年收入合计] >= 0")),
    ),
    LintCode(
        "L303", "警告", "永远不适用",
        "规则的年度、地区与规则包的没有交集，或者 when、若 的条件自相矛盾（在范围之内的每个版式里都是）。",
        "这条规则等于没有写。",
        Example(_rule("若 总表[其他收入] > 0 且 总表[其他收入] <= 0 则 总表[本年收入合计] > 0"), _rule("若 总表[其他收入] > 0 则 总表[本年收入合计] > 0")),
    ),
    LintCode(
        "L304", "警告", "条件总是成立",
        "when 或 若 的条件不看报告就知道成立。",
        "条件多余；多半是写错了一边。",
        Example(_rule("若 abs(总表[其他收入]) >= 0 则 总表[本年收入合计] > 0"), _rule("若 总表[其他收入] > 0 则 总表[本年收入合计] > 0")),
    ),
    LintCode(
        "L305", "警告", "重复的核对",
        "两项核对比的是同样的格：两边对调、移项、同乘一个数、换一种写法之后一样。容差不同的也算（那里会说明）。本包各文件之间，以及与上级包之间都比。",
        "同一个错误报两遍；改了一条，忘了另一条。",
        Example(_two(_SOUND, "2 × 本年收入合计 - 2 × sum(总表.收入) == 0"), _two(_SOUND, "sum(总表.支出) == 本年支出合计")),
    ),
    LintCode(
        "L306", "警告", "已被另一条包含",
        "同样的核对，一条有条件（when、适用范围），另一条没有，容差也一样。",
        "没有条件的那条已经核对了；有条件的那条多余，或者另一条漏写了条件。",
        Example(_two(_SOUND, _SOUND, "when: 总表[其他收入] > 0"), _two(_SOUND, "sum(总表.支出) == 本年支出合计")),
    ),
    LintCode(
        "L307", "警告", "改动没有起作用",
        "overrides.yaml 里的一处改动，改完与原来一样，或者它的年度与规则包、与规则的年度没有交集，或者被改的规则不在本地区适用。",
        "看的人以为改了。",
        Example(_change("收紧", "severity: 错误"), _change("收紧", "check: sum(总表.收入) == 总表[本年收入合计] ± 0"), "city/overrides.yaml"),
    ),
    LintCode(
        "L308", "提示", "改动重叠",
        "上级包已经改过的规则，本包又改了同样的内容。",
        "上级包的改动在这里不起作用；上级再改时，这里不会跟着变。",
        Example(
            _change("收紧", "check: sum(总表.收入) == 总表[本年收入合计] ± 0"), _change("收紧", "title: 总表：收入合计等于各项收入之和"), "town/overrides.yaml",
            (("city/overrides.yaml", _change("放宽", "check: sum(总表.收入) == 总表[本年收入合计] ± 0.05", "    basis: [{文号: 当地口径}]\n")),),
        ),
    ),
    LintCode(
        "L309", "警告", "收紧、放宽与容差的变化相反",
        "写着“收紧”，容差却变大了；或写着“放宽”，容差却变小了。",
        "放宽要有依据；把放宽写成收紧，依据就漏了。",
        Example(
            _change("收紧", "check: sum(总表.收入) == 总表[本年收入合计] ± 5"), _change("收紧", "check: sum(总表.收入) == 总表[本年收入合计] ± 0"), "city/overrides.yaml",
            (("base/rules/a.yaml", _rule("sum(总表.收入) == 总表[本年收入合计] ± 0.05")),),
        ),
    ),
    LintCode(
        "L310", "错误", "规则互相矛盾",
        "没有条件的线性核对（等式、不等式）里，有几条不可能同时成立：没有任何一组数能全部满足。列出其中最少的几条、由它们推出的不可能的结果，以及满足其余各条的一组数。",
        "任何报告都至少有一处不符，必有一条规则写错了。",
        Example(_two("总表[本年收入合计] == 总表[本年支出合计]", "总表[本年收入合计] == 总表[本年支出合计] + 100万元"), _two("总表[本年收入合计] == 总表[本年支出合计]", "sum(总表.支出) == 本年支出合计")),
        deep=True,
    ),
    LintCode(
        "L311", "警告", "合起来只有 0 才成立",
        "几条等式合起来，使某一格非 0 不可，而其中没有一条单独这样要求。",
        "真实的报告不会这样；多半有一条的符号或项写错了。",
        Example(_two("总表[本年收入合计] == 总表.收入[总计] + 总表[其他收入]", "总表[本年收入合计] == 总表.收入[总计] - 总表[其他收入]"), _two("总表[本年收入合计] == 总表.收入[总计] + 总表[其他收入]", "sum(总表.支出) == 本年支出合计")),
        deep=True,
    ),
    LintCode(
        "L312", "提示", "可由其他规则推出",
        "一项没有条件的线性核对，恰好由其他几项推出（不计尾差）；列出各乘多少相加就得到它。两种不报，因为本来就该都核对：一张表里横向合计与纵向合计互相推出的（横竖平衡）；两张表的合计、分项都互相核对，又各自平衡的。",
        "它不会单独发现错误；留着有助于指出错在哪里，删掉少报一遍。",
        Example(_two("总表[本年收入合计] == 总表[财政拨款收入] + 总表[其他收入]", "总表.收入[总计] == 总表[本年收入合计]") + _rule("总表.收入[总计] == 总表[财政拨款收入] + 总表[其他收入]", rule="A01-3").partition("rules:\n")[2], _two("总表[本年收入合计] == 总表[财政拨款收入] + 总表[其他收入]", "总表.收入[总计] == 总表[本年收入合计]")),
        deep=True,
    ),
    LintCode(
        "L401", "警告", "没有依据",
        "规则没有写 basis。",
        "被核对的单位会问凭什么；没有依据，结论不能用。",
        Example(_rule(_SOUND, "basis: []"), _rule(_SOUND)),
    ),
    LintCode(
        "L402", "提示", "依据没有核验",
        "规则的依据没有一项写明核验日期（“未核验”）。",
        "凭记忆写的依据可能文号、条款都不对。",
        Example(_rule(_SOUND, "basis: [{文号: 预算法, 条款: 第七十五条, 核验: 未核验}]"), _rule(_SOUND)),
    ),
    LintCode(
        "L403", "警告", "依据核验太久",
        "规则最近一次核验依据，距今超过 --basis-years 年（默认 3 年）。",
        "法规会修订，口径会变。",
        Example(_rule(_SOUND, "basis: [{文号: 预算法, 条款: 第七十五条, 核验: 2015-01-01}]"), _rule(_SOUND)),
    ),
    LintCode(
        "L404", "警告", "容差没有单位，两边的表可能单位不同",
        "“± 0.02”这样没有单位的容差，用在两张表（或文字与表）之间。",
        "没有单位的容差按所印的单位算；两张表印的单位不同时（一张万元、一张元），这项核对就无法判断。",
        Example(_rule("总表[本年支出合计] == 支出表.基本支出[合计] ± 0.05", title="总表与支出表：支出合计一致"), _rule("总表[本年支出合计] == 支出表.基本支出[合计] ± 500元", title="总表与支出表：支出合计一致")),
    ),
    LintCode(
        "L405", "警告", "固定容差小于尾差",
        "写定的容差比四舍五入本身能带来的差还小（每项半个 0.01 万元，按“± 尾差”的算法）。写“± 0”的是有意要求完全相同，不算。",
        "报告没有错也会报错。",
        Example(_rule("总表[本年收入合计] == 总表[财政拨款收入] + 总表[其他收入] + 总表[专项收入] ± 10元"), _rule("总表[本年收入合计] == 总表[财政拨款收入] + 总表[其他收入] + 总表[专项收入] ± 尾差")),
    ),
    LintCode(
        "L406", "警告", "容差太大",
        "相对容差大于 20%，或写定的容差大于 10 万元。",
        "这么大的差也放过，多半是单位写错了。",
        Example(_rule("sum(总表.收入) == 总表[本年收入合计] ± 200万元"), _rule(_SOUND)),
    ),
    LintCode(
        "L407", "提示", "核对项的级别没有用处",
        "每一项核对都另写了级别，规则自己的级别用不到；或者只写了一项核对却另写级别。",
        "看规则的级别会看错。",
        Example(_rule("[{check: 总表[本年收入合计] >= 0, severity: 提示}]").replace("总表[本年收入合计] >= 0", "'总表[本年收入合计] >= 0'"), _rule("[{check: '总表[本年收入合计] >= 0'}]", "severity: 提示")),
    ),
    LintCode(
        "L408", "警告", "没有用例",
        "规则在本包的 cases/ 里没有用例（停用的不要求）。",
        "没有试过的规则，不知道它会不会误报、漏报；规则包自己的检验（test）通不过。",
        Example("", _CASES + _HOLDS + _FAILS, "base/cases/A01-1.yaml"),
    ),
    LintCode(
        "L409", "警告", "用例从不失败",
        "规则的用例里没有一个应当不符（或存疑）的。",
        "一条永远通过的规则也能通过这些用例。",
        Example(_CASES + _HOLDS, _CASES + _HOLDS + _FAILS, "base/cases/A01-1.yaml"),
    ),
    LintCode(
        "L410", "警告", "没有应当相符的用例",
        "规则的用例里没有一个应当相符的。",
        "一条永远报错的规则也能通过这些用例。",
        Example(_CASES + _FAILS, _CASES + _HOLDS + _FAILS, "base/cases/A01-1.yaml"),
    ),
    LintCode(
        "L411", "警告", "用例没有规则",
        "cases/ 里的一个文件，它的规则在本包（及上级包）里没有。",
        "多半是规则改了编号；编号是永久的，不应改。",
        Example(_CASES.replace("A01-1", "A01-9") + _HOLDS, "", "base/cases/A01-9.yaml"),
    ),
    LintCode(
        "L412", "警告", "依据是占位的文字",
        "依据的文号或条款还是待补、待定、某某、××、TODO、…… 一类占位的文字，或者文号除了括号没有字。`new rule` 写的就是“待补”。",
        "看起来有依据，其实没有；比没有写更容易漏过去。",
        Example(_rule(_SOUND, "basis: [{文号: 待补, 核验: 未核验}]"), _rule(_SOUND)),
    ),
    LintCode(
        "L501", "警告", "忽略没有写原因",
        "“# lint: 忽略 L…”后面没有“因为……”。这样的注释不起作用。",
        "过一年没有人记得为什么可以不管。",
        Example(_rule(_SOUND, "severity: 错误  # lint: 忽略 L401"), _rule("sum(01表.收入) == 总表[本年收入合计]", "severity: 错误  # lint: 忽略 L211 因为只在表号固定的地区用")),
    ),
    LintCode(
        "L502", "警告", "没有用到的忽略",
        "注释说要忽略的那种情况，这里并没有。",
        "问题已经改好了，注释还在；以后再出同样的问题就看不见了。",
        Example(_rule(_SOUND, "severity: 错误  # lint: 忽略 L401 因为依据在另一条"), _rule("sum(01表.收入) == 总表[本年收入合计]", "severity: 错误  # lint: 忽略 L211 因为只在表号固定的地区用")),
    ),
    LintCode(
        "L503", "警告", "忽略的写法不对",
        "“# lint:”后面不是“忽略 代码 因为……”，或者代码不存在，或者要忽略的是错误（E 开头的、级别是错误的）。",
        "写错的注释不起作用。",
        Example(_rule(_SOUND, "severity: 错误  # lint: 忽略 E201 因为以后再改"), _rule("sum(01表.收入) == 总表[本年收入合计]", "severity: 错误  # lint: 忽略 L211 因为只在表号固定的地区用")),
    ),
)  # fmt: skip
"""Every code, in order."""


@lru_cache(maxsize=1)
def by_code() -> dict[str, LintCode]:
    """The table by code."""
    return {one.code: one for one in CODES}


def level_of(code: str) -> Level:
    """How grave a finding is: of the table for L codes, else an error for E…, a warning for W…."""
    known = by_code().get(code)
    if known is not None:
        return known.level
    return "错误" if code.startswith("E") else "警告"
