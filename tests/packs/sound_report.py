"""A whole report whose tables agree, made from 项 by exact addition; small, but with every kind of money."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

NAMES = {
    "201": "一般公共服务支出", "20103": "政府办公厅（室）及相关机构事务", "2010301": "行政运行", "2010302": "一般行政管理事务",
    "208": "社会保障和就业支出", "20805": "行政事业单位养老支出", "2080501": "行政单位离退休", "2080505": "机关事业单位基本养老保险缴费支出",
    "2080506": "机关事业单位职业年金缴费支出", "20808": "抚恤", "2080801": "死亡抚恤", "210": "卫生健康支出", "21011": "行政事业单位医疗",
    "2101101": "行政单位医疗", "212": "城乡社区支出", "21208": "国有土地使用权出让收入安排的支出", "2120899": "其他国有土地使用权出让收入安排的支出",
    "221": "住房保障支出", "22102": "住房改革支出", "2210201": "住房公积金", "223": "国有资本经营预算支出", "22301": "解决历史遗留问题及改革成本支出",
    "2230105": "国有企业退休人员社会化管理补助支出", "229": "其他支出", "22999": "其他支出", "2299999": "其他支出",
}  # fmt: skip
# 项 -> 资金, 收入, 基本支出, 项目支出, 经营支出 (分); what is left is carried over.
LINES = [
    ("2010301", "一般", 70_000, 70_000, 0, 0),
    ("2010302", "一般", 42_000, 0, 40_000, 0),
    ("2080501", "一般", 9_000, 9_000, 0, 0),
    ("2080505", "一般", 8_000, 8_000, 0, 0),
    ("2080506", "一般", 4_000, 4_000, 0, 0),
    ("2080801", "一般", 2_000, 2_000, 0, 0),
    ("2101101", "一般", 5_000, 5_000, 0, 0),
    ("2210201", "一般", 6_000, 6_000, 0, 0),
    ("2120899", "基金", 30_000, 0, 35_000, 0),
    ("2230105", "国资", 3_000, 0, 3_000, 0),
    ("2299999", "事业", 5_000, 1_000, 0, 0),
    ("2299999", "经营", 4_000, 0, 0, 2_000),
    ("2299999", "上级", 500, 0, 500, 0),
    ("2299999", "附属", 600, 0, 600, 0),
    ("2299999", "其他", 700, 0, 700, 0),
]
START = {"一般": 1_000, "基金": 6_000, "国资": 0, "非财政": 2_000}
USED, SHARED = 300, 400
FISCAL = ("一般", "基金", "国资")
INCOME = (*FISCAL, "上级", "事业", "经营", "附属", "其他")
ECONOMIC = {"30101": 40_000, "30108": 8_000, "30109": 4_000, "30110": 3_500, "30111": 1_500, "30113": 6_000, "30301": 3_000, "30302": 5_000, "30304": 2_000,
            "30201": 20_000, "30212": 400, "30217": 1_000, "30231": 4_000, "30701": 100, "31002": 4_000, "31013": 500, "31204": 600, "39999": 400}  # fmt: skip

Sums = dict[str, dict[str, int]]


def money(fen: int) -> str:
    """Amounts here are in units of 0.01 万元."""
    return f"{fen / 100:.2f}" if fen else ""


def grouped(lines: list[tuple[str, dict[str, int]]]) -> Sums:
    """Amounts by code, with every 款, 类 and 合计 above, in code order."""
    sums: Sums = defaultdict(lambda: defaultdict(int))
    for code, amounts in lines:
        for key in ("合计", code[:3], code[:5], code):
            for column, value in amounts.items():
                sums[key][column] += value
    return {key: dict(sums[key]) for key in sorted(sums, key=lambda k: (k != "合计", k))}


def table(sums: Sums, columns: list[str]) -> dict[str, Any]:
    return {f"{key} {NAMES[key]}" if key in NAMES else key: {c: money(amounts.get(c, 0)) for c in columns} for key, amounts in sums.items()}


def income_rows() -> Sums:
    titles = dict(zip(INCOME, ["财政拨款收入"] * 3 + ["上级补助收入", "事业收入", "经营收入", "附属单位上缴收入", "其他收入"], strict=True))
    return grouped([(code, {"本年收入合计": amount, titles[source]: amount}) for code, source, amount, *_ in LINES])


def spending_rows(sources: tuple[str, ...], total: str) -> Sums:
    lines = []
    for code, source, _, basic, project, operating in LINES:
        if source in sources:
            lines.append((code, {total: basic + project + operating, "基本支出": basic, "项目支出": project, "经营支出": operating}))
    return grouped(lines)


def sound_tables() -> dict[str, Any]:
    """The nine tables as `build_report` takes them."""
    income = {s: sum(line[2] for line in LINES if line[1] == s) for s in INCOME}
    spent = {s: sum(sum(line[3:]) for line in LINES if line[1] == s) for s in INCOME}
    left = {s: START[s] + income[s] - spent[s] for s in FISCAL}
    outside = START["非财政"] + sum(income[s] - spent[s] for s in INCOME if s not in FISCAL) + USED - SHARED
    all_spent = spending_rows(INCOME, "本年支出合计")
    total = sum(income.values()) + sum(START.values()) + USED
    main = {
        "一般公共预算财政拨款收入": money(income["一般"]), "政府性基金预算财政拨款收入": money(income["基金"]), "国有资本经营预算财政拨款收入": money(income["国资"]),
        "上级补助收入": money(income["上级"]), "事业收入": money(income["事业"]), "经营收入": money(income["经营"]), "附属单位上缴收入": money(income["附属"]),
        "其他收入": money(income["其他"]), "本年收入合计": money(sum(income.values())), "使用非财政拨款结余": money(USED), "年初结转和结余": money(sum(START.values())),
        "收入.总计": money(total), **{NAMES[k]: money(v["本年支出合计"]) for k, v in all_spent.items() if len(k) == 3},
        "本年支出合计": money(sum(spent.values())), "结余分配": money(SHARED), "年末结转和结余": money(sum(left.values()) + outside), "支出.总计": money(total),
    }  # fmt: skip
    general = spending_rows(("一般",), "小计")
    return {
        "总表": main,
        "收入表": table(income_rows(), ["本年收入合计", "财政拨款收入", "上级补助收入", "事业收入", "经营收入", "附属单位上缴收入", "其他收入"]),
        "支出表": table(all_spent, ["本年支出合计", "基本支出", "项目支出", "经营支出"]),
        "财拨总表": fiscal_table(income, spent, left),
        "一般支出表": table(general, ["小计", "基本支出", "项目支出"]),
        "基本明细表": detail_table(),
        "三公表": {"合计": ["90.00", "85.00"], "因公出国（境）费": ["5.00", "4.00"], "公务接待费": ["20.00", "16.00"], "公务用车购置及运行费": ["65.00", "65.00"],
                "公务用车运行维护费": ["50.00", "50.00"], "公务用车购置费": ["15.00", "15.00"]},
        "基金表": fund_table(income, spent, left),
        "国资表": table(spending_rows(("国资",), "合计"), ["合计", "基本支出", "项目支出"]),
    }  # fmt: skip


def fiscal_table(income: dict[str, int], spent: dict[str, int], left: dict[str, int]) -> dict[str, Any]:
    titles = {"一般": "一般公共预算财政拨款", "基金": "政府性基金预算财政拨款", "国资": "国有资本经营预算财政拨款"}

    def row(values: dict[str, int]) -> list[str]:
        return [money(sum(values.values())), *(money(values.get(s, 0)) for s in FISCAL)]

    spending = {s: spending_rows((s,), "计") for s in FISCAL}
    kinds = sorted({k for rows in spending.values() for k in rows if len(k) == 3 and k.isdigit()})
    rows: dict[str, Any] = {f"收入.{titles[s]}收入": money(income[s]) for s in FISCAL}
    rows |= {f"年初{titles[s]}结转和结余": money(START[s]) for s in FISCAL}
    incoming, start = sum(income[s] for s in FISCAL), sum(START[s] for s in FISCAL)
    rows |= {"收入.本年收入合计": money(incoming), "年初财政拨款结转和结余": money(start), "收入.总计": money(incoming + start)}
    rows |= {f"支出.{NAMES[k]}": row({s: spending[s].get(k, {}).get("计", 0) for s in FISCAL}) for k in kinds}
    rows |= {"支出.本年支出合计": row({s: spent[s] for s in FISCAL}), "年末财政拨款结转和结余": row(left)}
    rows["支出.总计"] = row({s: spent[s] + left[s] for s in FISCAL})
    return rows


def detail_table() -> dict[str, Any]:
    groups: dict[str, int] = defaultdict(int)
    for code, value in ECONOMIC.items():
        groups[code[:3]] += value
    people = groups["301"] + groups["303"]
    rows = {code: money(value) for code, value in (ECONOMIC | groups).items()}
    return rows | {"人员经费合计": money(people), "公用经费合计": money(sum(groups.values()) - people)}


def fund_table(income: dict[str, int], spent: dict[str, int], left: dict[str, int]) -> dict[str, Any]:
    columns = {"年初结转和结余": START["基金"], "本年收入": income["基金"], "小计": spent["基金"], "项目支出": spent["基金"], "年末结转和结余": left["基金"]}
    return table(grouped([("2120899", columns)]), list(columns))
