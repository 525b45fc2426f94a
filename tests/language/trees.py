"""Any syntax tree that some text can give, for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

from juesuan_rules.language import syntax as s

_names = st.sampled_from(["总表", "支出表", "支出", "基本支出", "本年支出合计", "甲2", "尾差", "行", "r"]).map(s.Name)
_quoted = st.text(st.sampled_from("甲乙（）()「 &=且"), min_size=1, max_size=6).map(lambda t: s.Name(t, True))
_numbers = st.builds(s.Number, st.sampled_from(["0", "27", "1204.00", "0.5"]), st.sampled_from(["", "万元", "%", "个百分点", "辆"]))
_codes = st.sampled_from(["201", "2010301"])
_labels = st.sampled_from(["类", "合计", "非末级", "缺作0", "本年支出合计", "因公出国(境)费"]).map(s.Name)
_items = st.one_of(
    _labels,
    _quoted,
    st.just(s.Star()),
    st.builds(s.Column, st.sampled_from(["1", "12"])),
    st.builds(s.Lines, st.just("1"), st.sampled_from([None, "8"])),
    st.builds(s.Code, _codes),
    st.builds(s.Prefix, _codes),
    st.builds(s.Exclusion, st.one_of(_labels, _quoted, st.builds(s.Prefix, _codes))),
)
_selectors = st.lists(_items, min_size=1, max_size=3).map(lambda i: s.Selector(tuple(i)))
_heads = st.one_of(_names, _quoted, _selectors, st.just(s.Star()), st.builds(s.Column, st.just("3")), st.builds(s.Lines, st.just("1"), st.sampled_from([None, "8"])))
_trailers = st.one_of(_names, _quoted, _selectors, st.just(s.Star()), st.builds(s.Column, st.just("3")))
_paths = st.builds(lambda h, t: s.Path((h, *t)), _heads, st.lists(_trailers, max_size=3))
_tolerances = st.one_of(st.none(), st.builds(s.Tolerance, st.one_of(st.none(), _numbers)))


def _compound(inner: st.SearchStrategy[s.Expression]) -> st.SearchStrategy[s.Expression]:
    some = st.lists(inner, min_size=2, max_size=3)
    return st.one_of(
        st.builds(s.Call, st.sampled_from(["sum", "max", "round", "下级合计", "存在", "计数", "名称", "为空", "行次连续", "同码同名"]), st.lists(inner, max_size=2).map(tuple)),
        st.builds(s.Negative, inner),
        st.builds(s.Binary, st.sampled_from("+-*/"), inner, inner),
        st.builds(lambda o, t: s.Comparison(tuple(o), ("<=",) * (len(o) - 1), t), some, _tolerances),
        st.builds(s.Member, inner, st.lists(st.one_of(_numbers, _quoted), min_size=1, max_size=2).map(tuple), st.booleans()),
        st.builds(s.TextTest, st.sampled_from(["包含", "匹配"]), inner, _quoted, st.booleans()),
        st.builds(s.Negation, inner),
        st.builds(_logic, st.sampled_from("且或"), some),
        st.builds(s.Conditional, inner, inner, st.one_of(st.none(), inner)),
        st.builds(s.Quantified, st.sampled_from(["每个", "存在", "唯一", "计数"]), st.just(s.Name("r")), _paths, inner),
    )


def _logic(operator: str, parts: list[s.Expression]) -> s.Logic:
    flat: list[s.Expression] = []
    for i, part in enumerate(parts):
        flat.extend(part.parts if i == 0 and isinstance(part, s.Logic) and part.operator == operator else (part,))
    return s.Logic(operator, tuple(flat))


EXPRESSIONS: st.SearchStrategy[s.Expression] = st.recursive(st.one_of(_paths, _numbers), _compound, max_leaves=10)
