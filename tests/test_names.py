"""One spelling for a name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juesuan_rules import names


@pytest.mark.parametrize(
    ("printed", "label"),
    [
        ("一、一般公共服务支出", "一般公共服务支出"),
        ("二十六、抗疫特别国债安排的支出", "抗疫特别国债安排的支出"),
        ("1、因公出国（境）费", "因公出国(境)费"),
        ("其中：（1）公务用车运行维护费", "公务用车运行维护费"),
        ("（2）公务用车购置费", "公务用车购置费"),
        ("收 \u3000入", "收入"),
        ("  基本工资", "基本工资"),
        ("财政拨款“三公”经费", '财政拨款"三公"经费'),
        ("一般公共预算财政拨款", "一般公共预算财政拨款"),
        ("（一）", "(一)"),
        ("2023年度", "2023年度"),
    ],
)
def test_labels_lose_number_and_width(printed: str, label: str) -> None:
    """Sequence numbers, 其中, width and white space do not make another name."""
    assert names.label(printed) == label


@given(st.text(max_size=60))
def test_label_is_idempotent(text: str) -> None:
    """Normalising twice changes nothing more."""
    assert names.label(names.label(text)) == names.label(text)


def test_suggestions_are_near_and_best_first() -> None:
    """Did-you-mean lists the nearest known names and nothing far away."""
    known = ["本年支出合计", "本年收入合计", "年末结转和结余"]
    assert names.suggest("本年支出合记", known)[0] == "本年支出合计"
    assert names.suggest("xyz", known) == []
