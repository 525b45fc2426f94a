"""Live expressions as formulas and as values."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juesuan_rules.outputs.workbook.expression import Cell, FormulaTooLong, Node, column_name, compute, formula, operands_of, parse, quoted, rounded


def no_helper(text: str, node: Node) -> str:
    raise AssertionError("没有用到辅助格")


def column(count: int, sheet: str = "表", shows: str = "number") -> list[Cell]:
    return [Cell(sheet, row, 3, shows) for row in range(count)]


def test_columns_have_letters() -> None:
    assert [column_name(n) for n in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
    assert quoted("某'表") == "'某''表'"


@pytest.mark.parametrize(
    ("text", "value"),
    [("{0}+{1}*2", 8), ("({0}+{1})*2", 10), ("-{0}+{1}", 1), ("{1}-({0}-{1})", 4), ("{0}/{1}*100", Fraction(200, 3)), ("SUM({0},{1},{2})", 5), ("MAX({2},-1)", 0),
     ("COUNT({0},{1},{2})", 2), ("ABS({0}-{1})", 1), ("ROUND({0}/{1},1)", Fraction("0.7")), ("1.5*{1}", Fraction("4.5"))],
)  # fmt: skip
def test_values(text: str, value: Fraction) -> None:
    """Operands are 2, 3 and a blank."""
    values = [Fraction(2), Fraction(3), None]
    assert compute(parse(text), values) == value
    assert compute(parse(text), [2.0, 3.0, None], float) == pytest.approx(float(value))


@pytest.mark.parametrize("text", ["", "{0}+", "SUM({0}", "{0} {1}", "EVIL({0})", "HYPERLINK({0})", "{0};{1}", "{x}", "=1", "'a'!B1", "1,2", "ROUND"])
def test_what_is_no_expression_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="不是算式"):
        parse(text)


def test_references_and_ranges() -> None:
    cells = column(5)
    written = formula(parse("SUM({0},{1},{2},{4})-{3}"), cells, no_helper)
    assert written == "SUM('表'!$D$1:$D$3,'表'!$D$5)-'表'!$D$4"
    beside = [Cell("表", 4, at) for at in range(3)]
    assert formula(parse("SUM({0},{1},{2})"), beside, no_helper) == "SUM('表'!$A$5:$C$5)"
    corner = [Cell("表", 0, 0), Cell("表", 1, 0), Cell("表", 1, 1)]
    assert formula(parse("SUM({0},{1},{2})"), corner, no_helper) == "SUM('表'!$A$1:$A$2,'表'!$B$2)"


def test_brackets_are_kept_where_they_matter() -> None:
    cells = column(3)
    names = {f"'表'!$D${n + 1}": f"{{{n}}}" for n in range(3)}
    for text in ("({0}+{1})*{2}", "{0}-({1}-{2})", "{0}/({1}*{2})", "{0}/({1}/{2})", "-({0}+{1})", "({0}-{1})/{2}*100", "{0}+{1}*{2}", "{0}-(-{1})"):
        written = formula(parse(text), cells, no_helper)
        for name, operand in names.items():
            written = written.replace(name, operand)
        assert written == text


def test_texts_and_blanks_count_as_zero_where_the_spreadsheet_would_not() -> None:
    cells = [Cell("表", 0, 0, "text"), Cell("表", 1, 0, "blank"), Cell("表", 2, 0), None]
    assert formula(parse("{0}+{1}+{3}"), cells, no_helper) == "N('表'!$A$1)+'表'!$A$2+0"
    assert formula(parse("MAX({0},{1},{2})"), cells, no_helper) == "MAX(N('表'!$A$1),N('表'!$A$2),'表'!$A$3)"
    assert formula(parse("SUM({0},{1},{2},{3})"), cells, no_helper) == "SUM('表'!$A$1:$A$3)"
    assert formula(parse("COUNT({0},{3})"), cells, no_helper) == "COUNT('表'!$A$1)"


@pytest.mark.parametrize("name", ["SUM", "MAX", "MIN", "COUNT"])
def test_long_sums_go_into_helper_cells(name: str) -> None:
    """Every second cell of a long column: nothing becomes a range."""
    cells = [Cell("一张名字很长的表一张名字很长的表", 2 * n, 3) for n in range(900)]
    values = [float(n) for n in range(900)]
    helpers: list[tuple[str, float]] = []

    def helper(text: str, node: Node) -> str:
        helpers.append((text, compute(node, values, float)))
        return f"'计算'!$B${len(helpers)}"

    text = f"{name}({','.join(f'{{{n}}}' for n in range(900))})"
    written = formula(parse(text), cells, helper)
    assert len(written) < 8_000
    assert written.startswith("SUM(" if name == "COUNT" else f"{name}(")
    assert len(helpers) > 4
    assert all(len(part) < 8_000 and part.count(",") < 255 for part, _ in helpers)
    assert sum(part.count("!") for part, _ in helpers) == 900
    together = {"SUM": sum, "COUNT": sum, "MAX": max, "MIN": min}[name]
    assert together(value for _, value in helpers) == compute(parse(text), values, float)  # type: ignore[operator]


def test_what_fits_nowhere_is_told() -> None:
    cells = [Cell("一张名字很长的表一张名字很长的表", 2 * n, 3) for n in range(900)]
    with pytest.raises(FormulaTooLong):
        formula(parse("+".join(f"{{{n}}}*{n}.5" for n in range(900))), cells, no_helper)


@given(st.decimals(-(10**9), 10**9, allow_nan=False, places=7), st.integers(0, 6))
def test_rounding_of_floats_is_that_of_decimals(number: object, places: int) -> None:
    exact = Fraction(str(number))
    if len(str(abs(int(exact)))) + 7 <= 15:
        assert rounded(float(exact), places) == float(rounded(exact, places))


@given(st.recursive(st.integers(0, 3).map(lambda n: ("operand", n)) | st.sampled_from(["1", "2.5", "100"]).map(lambda t: ("number", t)),
                    lambda inner: st.tuples(st.sampled_from("+-*"), inner, inner) | st.tuples(st.just("neg"), inner)
                    | st.lists(inner, min_size=1, max_size=4).map(lambda parts: ("call", "SUM", *parts)), max_leaves=12))  # fmt: skip
def test_writing_and_reading_again_gives_the_same_value(node: Node) -> None:
    cells = [Cell("表", 2 * n, n) for n in range(4)]
    written = formula(node, cells, no_helper)
    for n, cell in enumerate(cells):
        written = written.replace(cell.reference, f"{{{n}}}")
    values = [Fraction(3), Fraction(-5), Fraction(7, 2), Fraction(11)]
    again = parse(written)
    assert compute(again, values) == compute(node, values)
    assert set(operands_of(again)) == set(operands_of(node))

