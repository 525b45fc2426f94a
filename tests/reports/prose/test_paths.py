"""类/款/项 paths and 科目 names of several provinces' prose, looked up in a report's own tables."""

from __future__ import annotations

import pytest

from juesuan_rules.reports.prose.paths import Chart, Found, make_chart, named, read_path, resolve

PRINTED = (
    ("201", "一般公共服务支出"),
    ("20103", "政府办公厅（室）及相关机构事务"),
    ("2010301", "行政运行"),
    ("2010302", "一般行政管理事务"),
    ("2010399", "其他政府办公厅（室）及相关机构事务支出"),
    ("20106", "财政事务"),
    ("2010601", "行政运行"),
    ("208", "社会保障和就业支出"),
    ("20805", "行政事业单位养老支出"),
    ("2080501", "行政单位离退休"),
    ("2080502", "事业单位离退休"),
    ("2080505", "机关事业单位基本养老保险缴费支出"),
    ("20808", "抚恤"),
    ("2080801", "死亡抚恤"),
    ("20899", "其他社会保障和就业支出"),
    ("2089999", "其他社会保障和就业支出"),
    ("210", "卫生健康支出"),
    ("21011", "行政事业单位医疗"),
    ("2101101", "行政单位医疗"),
    ("2101102", "事业单位医疗"),
    ("221", "住房保障支出"),
    ("2210201", "住房公积金"),
)
LISTED = (("20101", "人大事务"), ("2010101", "行政运行"), ("205", "教育支出"), ("2050203", "初中教育"))
CHART = make_chart((*PRINTED, *LISTED), [code for code, _ in PRINTED])


def find(subject: str, above: tuple[str, ...] = (), after: str = "", chart: Chart = CHART) -> Found | None:
    path = read_path(subject)
    assert path is not None
    return resolve(chart, path, above, after)


def key(subject: str, above: tuple[str, ...] = (), after: str = "") -> str | None:
    found = find(subject, above, after)
    return found.key if found else None


@pytest.mark.parametrize(
    ("subject", "code"),
    [
        ("社会保障和就业支出（类）行政事业单位养老支出（款）事业单位离退休（项）", "2080502"),
        ("社会保障和就业支出(类)行政事业单位养老支出(款)事业单位离退休(项)", "2080502"),
        ("抚恤（款）死亡抚恤（项）。", "2080801"),
        ("政府办公厅（室）及相关机构事务（款）其他政府办公厅（室）及相关机构事务支出（项）", "2010399"),
        ("一般公共服务支出（类）政府办公厅（室）及相关机构事务（款）行政运行（项）", "2010301"),
        ("一般公共服务（类）财政事务（款）行政运行（项）", "2010601"),
        ("一般公共服务（类）支出", "201"),
        ("一般公共服务类", "201"),
        ("其他社会保障和就业支出（款）其他社会保障和就业支出（项）", "2089999"),
        ("其他社会保障和就业支出（款）", "20899"),
        ("201一般公共服务支出", "201"),
        ("行政运行（2010601）", "2010601"),
        ("2010302 一般行政管理事务", "2010302"),
        ("一般公共服务支出-财政事务-行政运行", "2010601"),
        ("一般公共服务支出财政事务行政运行", "2010601"),
        ("住房公积金", "2210201"),
        ("机关事业单位养老保险缴费支出（项）", "2080505"),  # two letters left out of a long name
        ("行政单位医疗（项）", "2101101"),
        ("事业单位医疗（项）", "2101102"),
        ("人大事务（款）行政运行（项）", "2010101"),  # not in the tables, but a known path
    ],
)
def test_subject_resolves_to_its_code(subject: str, code: str) -> None:
    found = find(subject)
    assert found is not None and found.key == found.code == code


def test_item_named_alone_takes_the_code_of_its_list_head() -> None:
    assert key("行政运行（项）", above=("201", "20106")) == "2010601"
    assert key("行政运行", above=("20103",)) == "2010301"


def test_item_named_alone_follows_the_order_of_codes() -> None:
    assert key("行政运行（项）", after="2010302") == "2010601"
    assert key("行政运行（项）") is None


def test_name_shared_by_a_class_and_its_items_is_told_by_the_list_head() -> None:
    assert key("其他社会保障和就业支出", above=("208", "20899")) == "2089999"


def test_unknown_path_keeps_its_names_as_key() -> None:
    found = find("节能环保支出（类）污染防治（款）大气（项）")
    assert found is not None and found.code is None and found.key == "节能环保支出/污染防治/大气"


def test_path_that_contradicts_the_table_does_not_resolve() -> None:
    found = find("社会保障和就业支出（类）行政事业单位医疗（款）行政单位医疗（项）")
    assert found is not None and found.code is None


def test_misprinted_or_outdated_upper_name_does_no_harm() -> None:
    assert key("社会保障和就业支出（类）行政事业单位离退休（款）事业单位离退休（项）") == "2080502"


def test_ordinary_phrase_is_no_account() -> None:
    assert find("本年支出合计") is None and find("基本支出") is None


ECONOMY = make_chart(
    [
        ("30101", "基本工资"),
        ("30109", "职业年金缴费"),
        ("30199", "其他工资福利支出"),
        ("30209", "物业管理费"),
        ("30212", "因公出国（境）费用"),
        ("30302", "退休费"),
        ("30399", "其他对个人和家庭的补助"),
        ("399", "其他支出"),
        ("39999", "其他支出"),
    ],
    ["30101", "30109", "30199", "30209", "30212", "30302", "30399"],
)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("基本工资", "30101"),
        ("物业费", "30209"),
        ("因公出国（境）费", "30212"),
        ("其他对个人和家庭的补助支出", "30399"),
        ("职年金缴费", "30109"),
        ("30302退休费", "30302"),
        ("主要用途", None),
        ("其他支出", None),
    ],
)
def test_economic_name_resolves_where_one_code_is_meant(name: str, code: str | None) -> None:
    assert named(ECONOMY, name) == code
