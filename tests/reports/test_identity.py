"""Identity: unit, year, region, money unit and kind, over the ways reports of many regions are written."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from juesuan_rules.diagnostics import UsageError
from juesuan_rules.documents.model import Document, Place, Source, TextBlock
from juesuan_rules.documents.open import open_document
from juesuan_rules.documents.text import read_text
from juesuan_rules.reports.identity import identify
from juesuan_rules.reports.model import Identity

TABLES = ("收入支出决算总表", "收入决算表", "支出决算表", "财政拨款收入支出决算总表", "一般公共预算财政拨款支出决算表")


def read(text: str) -> Identity:
    return identify(read_text(text.encode("utf-8"), "样例.txt"))


def contents() -> str:
    numbered = "\n".join(f"{n}、{t}" for n, t in zip("一二三四五", TABLES, strict=True))
    return f"目 录\n\n第一部分 部门概况\n\n第二部分 部门决算表\n\n{numbered}\n\n第三部分 部门决算情况说明\n\n一、收入支出决算总体情况说明\n"


def table(head: str) -> str:
    return f"收入支出决算总表\n\n{head}\n\n收入\t\t\t支出\t\t\n项目\t行次\t金额\t项目\t行次\t金额\n总计\t31\t5.00\t总计\t62\t5.00\n"


# Each sample: text, unit name, year, region code, kind.
STYLES = {
    "北京：一行题名": ("北京市海淀区水务局2023年度部门决算\n" + contents() + table("公开01表\n\n部门：北京市海淀区水务局\n\n金额单位：万元"), "北京市海淀区水务局", 2023, "110108", "部门决算"),
    "上海：单位决算": ("上海市普陀区城市规划展示馆\n2024年度单位决算\n" + contents() + table("单位：上海市普陀区城市规划展示馆\t\t金额单位：万元"), "上海市普陀区城市规划展示馆", 2024, "310107", "单位决算"),
    "四川：三行题名，公开时间": ("2022年度\n\n四川省地震局\n\n部门决算\n\n公开时间：2023年9月20日\n" + contents() + table("编制单位：四川省地震局  2022年度  金额单位：万元"), "四川省地震局", 2022, "51", "部门决算"),
    "江苏：区名相同，城市在题名": ("2023年度\n南京市鼓楼区民政局\n部门决算公开\n" + contents(), "南京市鼓楼区民政局", 2023, "320106", "部门决算"),
    "浙江：（本级）与情况说明": ("舟山市普陀区教育局（本级）2023年度单位决算情况说明\n\n一、概况\n（一）主要职能\n二、2023年度单位决算公开表\n三、2023年度单位决算情况说明\n" + table("单位：万元"), "舟山市普陀区教育局（本级）", 2023, "330903", "单位决算"),
    "山东：旧称": ("2016年章丘市财政局部门决算\n" + contents(), "章丘市财政局", 2016, "370114", "部门决算"),
    "河南：汉字年份与落款": ("二〇二三年度\n新乡市卫滨区统计局\n部门决算\n二〇二四年十月\n" + contents(), "新乡市卫滨区统计局", 2023, "410703", "部门决算"),
    "湖南：关于…的说明": ("关于宁乡市司法局2023年度部门决算的公开说明\n\n第一部分 宁乡市司法局概况\n第二部分 部门决算表\n" + table("公开01表\t部门：宁乡市司法局\t2023年度\t金额单位：万元"), "宁乡市司法局", 2023, "430182", "部门决算"),
    "云南：州简称、索引号在前": ("监督索引号53250000567801000\n红河州水利局2023年度部门决算\n" + contents(), "红河州水利局", 2023, "5325", "部门决算"),
    "广西：自治区": ("广西壮族自治区林业局\n2023年度部门决算\n\n" + contents(), "广西壮族自治区林业局", 2023, "45", "部门决算"),
    "新疆：空格散布": ("新 疆 维 吾 尔 自 治 区 档 案 馆\n2 0 2 3 年 度 部 门 决 算 公 开 说 明\n" + contents(), "新疆维吾尔自治区档案馆", 2023, "65", "部门决算"),
    "内蒙古：简称": ("科右前旗医疗保障局2023年度部门决算公开报告\n" + contents(), "科右前旗医疗保障局", 2023, "152221", "部门决算"),
    "重庆：元为单位": ("重庆市江北区司法局2023年度决算公开说明\n" + contents() + table("公开01表\n公开部门：重庆市江北区司法局\n单位：元"), "重庆市江北区司法局", 2023, "500105", "部门决算"),
    "福建：街道": ("2023年度福建省厦门市思明区滨海街道办事处部门决算\n" + contents(), "福建省厦门市思明区滨海街道办事处", 2023, "350203", "部门决算"),
    "广东：全角数字与书名号": ("《２０２３年度广东省气象局部门决算》\n" + contents(), "广东省气象局", 2023, "44", "部门决算"),
    "陕西：保密审查行": ("宝鸡市陈仓区水利局\n2023年部门决算公开说明\n\n保密审查情况：已审查\n部门主要负责人审签情况：已审签\n\n" + contents(), "宝鸡市陈仓区水利局", 2023, "610304", "部门决算"),
    "贵州：合并三公": ("黔东南州审计局2023年度部门决算及“三公”经费公开说明\n" + contents(), "黔东南州审计局", 2023, "5226", "部门决算"),
    "网页抄录：导航在前": ("首页 > 政务公开 > 财政预决算\n发布日期：2024-09-30 来源：本站\n灵宝市财政局2023年度部门决算公开\n" + contents(), "灵宝市财政局", 2023, "411282", "部门决算"),
    "年度在前的政府": ("2023年度敦煌市莫高镇人民政府决算\n" + contents(), "敦煌市莫高镇人民政府", 2023, "620982", "部门决算"),
    "收支决算": ("2018年敦煌市水务局部门收支决算公开\n" + contents(), "敦煌市水务局", 2018, "620982", "部门决算"),
    "党委部门": ("中共太康县委组织部\n2023年度部门决算\n" + contents(), "中共太康县委组织部", 2023, "411627", "部门决算"),
    "标记残留": ("# **青海省黄南藏族自治州水利局**\n\n## 2023 年度部门决算\n\n" + contents(), "青海省黄南藏族自治州水利局", 2023, "6323", "部门决算"),
}


@pytest.mark.parametrize("style", STYLES)
def test_unit_year_region_and_kind_in_every_style(style: str) -> None:
    text, unit, year, code, kind = STYLES[style]
    found = read(text)
    assert (found.unit_name, found.year, found.region_code, found.kind) == (unit, year, code, kind), found.evidence
    assert found.is_final_accounts


def test_the_money_unit_is_the_one_stated() -> None:
    assert read(STYLES["重庆：元为单位"][0]).money_unit == "元"
    assert read(STYLES["四川：三行题名，公开时间"][0]).money_unit == "万元"


def test_without_a_stated_money_unit_the_prose_decides() -> None:
    found = read("甘肃省文物局2023年度部门决算\n" + contents() + "本年收入3.5万元，支出 2.1 万元，人均 300 元。\n")
    assert found.money_unit == "万元"
    assert any("表头未注明" in line for line in found.evidence)


OTHERS = {
    "部门预算": ("广东省气象局2024年部门预算\n目录\n第一部分 概况\n第二部分 部门预算表\n一、收支总表\n二、收入总表\n三、支出总表\n四、财政拨款收支总表\n与上年决算相比，2022年度部门决算收入支出决算总表显示\n", "部门预算"),
    "单位预算": ("平凉市某中心\n2024年单位预算公开\n一、收支预算总表\n二、支出预算总表\n", "单位预算"),
    "没有封面的预算表": ("收支预算总表\n部门：江西省气象局\n单位：万元\n项目\t金额\n合计\t3.00\n\n支出预算总表\n项目\t金额\n合计\t3.00\n", "部门预算"),
    "政府决算": ("2023年平凉市财政决算草案\n一、2023年一般公共预算收入决算表\n二、2023年一般公共预算支出决算表\n三、税收返还和转移支付决算表\n", "政府决算"),
    "新闻": ("我局召开2023年度部门决算工作会\n9月3日，我局召开2023年度部门决算工作会，部署收入支出决算总表、支出决算表的填报，并通报上年决算情况。\n", ""),
    "通知": ("关于批复2023年度部门决算的通知\n各预算单位：\n现将2023年度部门决算批复给你们，请于20日内公开部门决算。\n", ""),
    "题名像决算的网页": ("灵宝市财政局公开2023年度部门决算\n今天，部门决算在门户网站公开，欢迎监督。\n", ""),
    "竣工决算": ("2023年度滨河路竣工决算报告\n一、工程概况\n二、资金到位情况\n支出合计 300 万元。\n", ""),
    "小说": ("从前有座山。\n山里有座庙。\n", ""),
}


@pytest.mark.parametrize("kind", OTHERS)
def test_other_documents_are_recognised_and_not_judged(kind: str) -> None:
    text, expected = OTHERS[kind]
    found = read(text)
    assert not found.is_final_accounts, found.evidence
    assert found.kind == expected, found.evidence


def test_tables_without_a_cover_are_final_accounts() -> None:
    head = "\t公开0{n}表\n\n\t单位：甘肃省兰州市城关区气象局（本级）\n\t2023年度\n\t金额单位：万元\n"
    text = "".join(f"{t}\n{head.format(n=n)}\n\t合计\n\t1.00\n\t\n\n" for n, t in enumerate(TABLES, 1))
    found = read(text)
    assert found.is_final_accounts and found.kind == "单位决算"
    assert (found.unit_name, found.year, found.region_code) == ("甘肃省兰州市城关区气象局（本级）", 2023, "620102")


def test_prose_without_cover_and_tables_is_final_accounts_by_its_headings() -> None:
    found = read("一、收入支出决算总体情况说明\n略。\n二、收入决算情况说明\n略。\n三、支出决算情况说明\n2023年度支出。\n")
    assert found.is_final_accounts and found.kind == "部门决算"


def test_the_year_is_not_last_years_nor_the_date_of_publication() -> None:
    found = read("甘肃省文物局\n2022年度部门决算\n2023年9月\n" + contents() + "与2021年度相比，增加。\n" * 9)
    assert found.year == 2022


def test_a_year_whose_digits_a_pdf_moved_to_the_next_line() -> None:
    assert read("甘肃省文物局\n年度部门决算\n2024目 录\n" + contents()).year == 2024


def test_a_placeholder_is_no_name() -> None:
    assert read("XX市XX局\n2023年度部门决算\n部门：（部门名称）\n" + contents()).unit_name is None


def test_a_name_of_two_provinces_is_ambiguous_and_nothing_is_guessed() -> None:
    found = read("普陀区财政局\n2023年度部门决算\n" + contents())
    assert found.region_code is None
    assert found.ambiguous_regions == ("上海市普陀区（310107）", "浙江省舟山市普陀区（330903）")


def test_the_province_in_the_prose_tells_a_shared_name_apart() -> None:
    found = read("普陀区财政局\n2023年度部门决算\n" + contents() + "根据舟山市财政局批复。\n舟山市的政策。\n")
    assert found.region_code == "330903"


def test_the_region_can_be_overridden_by_code_or_name() -> None:
    document = read_text(("普陀区财政局\n2023年度部门决算\n" + contents()).encode(), "样例.txt")
    assert identify(document, "310107").region_name == "上海市普陀区"
    assert identify(document, "浙江").region_code == "33"
    with pytest.raises(UsageError, match="不认识的地区"):
        identify(document, "火星")
    with pytest.raises(UsageError, match="不止一个"):
        identify(document, "朝阳区")


def test_every_decision_has_its_evidence() -> None:
    found = read(STYLES["北京：一行题名"][0])
    assert [line.split("：")[0] for line in found.evidence] == ["单位名称", "年度", "地区", "金额单位", "文种"]
    assert "第 1 行" in found.evidence[0] and all("\n" not in line for line in found.evidence)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (Place(page=3, box=(1.0, 2.0, 3.0, 4.0)), "第 3 页"),
        (Place(paragraph=7), "第 7 段"),
        (Place(sheet="01", cell="A3"), "工作表「01」A3"),
        (Place(line=5, file="正文.txt"), "正文.txt 第 5 行"),
        (Place(), "文中"),
    ],
)
def test_evidence_says_where_in_the_terms_of_the_format(place: Place, said: str) -> None:
    lines = ["甘肃省文物局2023年度部门决算", "目录", "第一部分 部门概况", "第二部分 部门决算表", "金额单位：万元"]
    found = identify(Document(Source("x", "", "x"), tuple(TextBlock(line, place) for line in lines)), None)
    assert f"（封面，{said}，" in found.evidence[0] and found.evidence[1] == f"年度：2023（{said}）"
    assert f"（{said}，共 1 处）" in found.evidence[3] and f"{said}「甘肃" in found.evidence[4]


def test_the_title_and_the_year_of_a_pdf_are_told_apart_by_their_places() -> None:
    """Pages have no lines: two titles on one cover are not the same one."""
    texts = ["2022年", "甘肃省文物局", "年度部门决算", "2024", "目录", "第一部分 概况"]
    blocks = [TextBlock(text, Place(page=1, box=(0.0, 20.0 * n, 9.0, 20.0 * n + 9))) for n, text in enumerate(texts)]
    assert identify(Document(Source("x", "", "pdf"), tuple(blocks)), None).year == 2024


REAL = {
    "000": ("辽宁省营商环境建设局", 2023, "21", "部门决算"),
    "001": ("科尔沁左翼中旗政务服务局", 2023, "150521", "部门决算"),
    "002": ("辽宁省朝阳市人民政府办公室", 2024, "2113", "部门决算"),
    "003": ("辽宁省本溪市南芬区工业和信息化局（本级）", 2023, "210505", "单位决算"),
    "004": ("曾都区政务服务和大数据管理局（汇总）", 2023, "421303", "部门决算"),
}


@pytest.mark.parametrize("number", REAL)
def test_real_reports(reports_dir: Path, number: str) -> None:
    found = identify(open_document(next(reports_dir.glob(f"{number}-*.txt"))))
    assert (found.unit_name, found.year, found.region_code, found.kind) == REAL[number]
    assert found.is_final_accounts and found.money_unit == "万元" and not found.ambiguous_regions


@pytest.mark.parametrize("number", ["000", "001", "002", "004"])
@pytest.mark.parametrize("cut", [3, 20, 60])
def test_real_reports_without_their_first_lines(reports_dir: Path, number: str, cut: int) -> None:
    path = next(reports_dir.glob(f"{number}-*.txt"))
    lines = path.read_bytes().split(b"\n")
    found = identify(read_text(b"\n".join(lines[cut:]), "残本.txt"))
    assert (found.year, found.region_code, found.is_final_accounts) == (REAL[number][1], REAL[number][2], True), found.evidence


@pytest.mark.parametrize("number", REAL)
@pytest.mark.parametrize("seed", range(4))
def test_real_reports_with_random_damage(reports_dir: Path, number: str, seed: int) -> None:
    dice = random.Random(seed)
    lines = next(reports_dir.glob(f"{number}-*.txt")).read_text(encoding="utf-8").split("\n")
    for _ in range(len(lines) // 20):
        at = dice.randrange(len(lines))
        lines[at] = dice.choice(["", lines[at] + lines[at], lines[at][: len(lines[at]) // 2], "\t" + lines[at], lines[at].replace("\t", " ")])
    found = identify(read_text("\n".join(lines).encode(), "损坏.txt"))
    assert (found.year, found.region_code, found.is_final_accounts) == (*REAL[number][1:3], True), found.evidence


PIECES = [*TABLES, "2023", "年度", "部门决算", "单位：", "部门：", "\n", "\t", "　", "普陀区", "辽宁省", "朝阳市", "（", "）", "第一部分", "目录", "XX局", ":", "二〇", "万元", "预算", "表"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=6)), min_size=1, max_size=60))
def test_no_text_breaks_it(parts: list[str]) -> None:
    text = "".join(parts)
    if text.strip():
        found = read("甲" + text)
        assert len(found.evidence) == 5
