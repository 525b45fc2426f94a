"""A comparison as a spreadsheet computes it: what workpapers are made of."""

from __future__ import annotations

from fractions import Fraction

import msgspec

from juesuan_rules.findings import Outcome


class Live(msgspec.Struct, frozen=True):
    """A comparison as a spreadsheet computes it.

    left, right: expressions in which `{n}` stands for operand n (from 0) of the finding, in its own unit; operators
    + - * / ( ), numbers, and the functions SUM, ABS, ROUND, MIN, MAX, COUNT only. A blank counts as 0, but COUNT counts
    figures. relation: == != <= >= < >. tolerance: a difference up to it is 尾差; limit: beyond `tolerance` and up to it
    存疑; both decimal texts. All of these are in `unit` (万元, 元, % …, "" for a plain number). places: decimals the
    difference is rounded to before it is compared. share: where the tolerance is that part of the right side, else "".
    partial: the rule asks for more than this one comparison, the one that decided. bound: where the tolerance comes from:
    tail, fixed, relative, interval (as the figures stood), or "" for none.
    """

    left: str
    relation: str
    right: str
    tolerance: str
    unit: str
    limit: str
    places: int
    share: str = ""
    partial: bool = False
    bound: str = ""

    def judge(self, left: Fraction, right: Fraction) -> tuple[Outcome, bool]:
        """The outcome for two values of the sides, and whether it is a pass by rounding only.

        d = left - right, rounded. x = |d| for == and !=, the part of d on the wrong side for <= and >=, on the side
        that holds for < and >. == <= >=: 相符 for x = 0, 尾差 up to the tolerance, 存疑 up to the limit, else 不符.
        != < >: 不符 up to the tolerance, 存疑 up to the limit, else 相符.
        """
        difference = _rounded(left - right, self.places)
        base = {"!=": "==", "<": ">=", ">": "<="}.get(self.relation, self.relation)
        excess = abs(difference) if base == "==" else max(difference if base == "<=" else -difference, Fraction(0))
        sure, limit = Fraction(self.tolerance), Fraction(self.limit)
        if self.share:
            sure = limit = _rounded(abs(right) * Fraction(self.share), self.places)
        if excess <= sure:
            return ("pass", excess > 0) if base == self.relation else ("fail", False)
        if excess <= limit:
            return "doubtful", False
        return ("fail" if base == self.relation else "pass"), False


def _rounded(number: Fraction, places: int) -> Fraction:
    """Half away from zero, as spreadsheets round."""
    units = int((abs(number) * 10**places * 2 + 1) // 2)
    return Fraction(-units if number < 0 else units, 10**places)
