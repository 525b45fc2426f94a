"""A rule being written, looked at as the language server looks at pack files: in a copy of the pack that it is to join."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from juesuan_rules.catalogue.model import Layout
from juesuan_rules.diagnostics import Diagnostic, RulesError, UsageError
from juesuan_rules.editor.files import Files
from juesuan_rules.editor.texts import Text, make_text
from juesuan_rules.editor.views import PackView
from juesuan_rules.language.check import check_rules
from juesuan_rules.language.memory import Memory
from juesuan_rules.language.model import CheckedRule, RuleText
from juesuan_rules.renderings.rule_words import Words, tolerances
from juesuan_rules.workbench.drafts import HEADS, Draft, Wrapped, wrap
from juesuan_rules.workbench.ownpacks import OVERRIDES, copy_pack, newest, own_id, take_out
from juesuan_rules.workbench.rule_views import CheckView, CompletionView, ProblemView, WordsView

MOST_PROBLEMS = 100
MOST_COMPLETIONS = 40
_KEPT = 4
_STUB = "rules/zz-being-written.yaml"
_AS_ITEM = re.compile(r"^(?:language|rules|overrides)[ \t]*:", re.MULTILINE)


class Bench(msgspec.Struct, frozen=True):
    """Where a rule is written. parent: id of the pack above. packs: folder of the person's own packs. scratch: folder for
    copies. year: of the report at hand. editing: id of the item that the text replaces."""

    roots: tuple[Path, ...]
    parent: str
    packs: Path
    scratch: Path
    year: int | None = None
    editing: str = ""

    @property
    def own(self) -> Path:
        """The person's pack upon the parent as it is now; it need not be there yet."""
        return newest(self.packs, own_id(self.parent))


class Desk:
    """A copy of the pack without the item being written, with its text in its stead. One per bench; a new one where the
    pack changed."""

    def __init__(self, bench: Bench, kind: str) -> None:
        bench.scratch.mkdir(parents=True, exist_ok=True)
        self.folder = Path(tempfile.mkdtemp(prefix="w", dir=bench.scratch)).resolve()
        copy_pack(bench.own, bench.parent, bench.roots, self.folder)
        if bench.editing:
            take_out(self.folder, kind, bench.editing)
        self.path = self.folder / (_STUB if kind == "rules" else OVERRIDES)
        self.head = HEADS[kind]
        if self.path.is_file():
            text = self.path.read_text("utf-8").rstrip("\n")
            self.head = text + "\n\n" if not text.endswith("[]") else self.head
        else:
            self.path.parent.mkdir(exist_ok=True)
            self.path.write_text(f"language: 1\n{kind}: []\n", "utf-8")
        self.files, self.memory = Files(), Memory()
        self.roots = bench.roots
        self._views: dict[int | None, PackView] = {}
        self.wrapped = wrap(Draft(kind, ""), self.head)  # type: ignore[arg-type]

    def show(self, draft: Draft) -> Text:
        """Take the draft as what its file says now."""
        wrapped = wrap(draft, self.head)
        text = make_text(str(self.path), wrapped.content)
        if self.files.open.get(self.path) is None or self.files.open[self.path].content != text.content:
            self.files.open[self.path] = text
            for view in self._views.values():
                view.changed(draft.kind)
        self.wrapped = wrapped
        return self.files.open[self.path]

    def view(self, year: int | None) -> PackView:
        """The pack for a year."""
        if year not in self._views:
            self._views[year] = PackView(self.folder, self.files, self.memory, year, self.roots)
        view = self._views[year]
        if not view.chain:
            raise RulesError("这个规则包现在不能用", view.chained[1])
        return view

    def rules(self, year: int | None) -> tuple[RuleText, ...]:
        """The rules the draft makes or changes, as in force for a year, or for whatever years they hold."""
        view = self.view(year)
        name = self.wrapped.draft.name
        if self.wrapped.draft.kind == "rules":
            return tuple([written.rule for written in view.rules_of(self.path, view.id, [])])
        return tuple([rule for rule in view.rules if rule.id == name and rule.changed_by == view.id])

    def close(self) -> None:
        """Remove the copy."""
        shutil.rmtree(self.folder, ignore_errors=True)


_desks: OrderedDict[tuple[Any, ...], Desk] = OrderedDict()


def desk_for(bench: Bench, draft: Draft) -> Desk:
    """The desk of this process for a bench, with the draft on it. Raises UsageError, RulesError."""
    place = (bench.packs, bench.parent, bench.editing, draft.kind)
    key = (*place, bench.roots, bench.own)
    desk = _desks.pop(key, None)
    if desk is None:
        for old in [known for known in _desks if known[: len(place)] == place]:
            _desks.pop(old).close()
        desk = Desk(bench, draft.kind)
    _desks[key] = desk
    while len(_desks) > _KEPT:
        _desks.popitem(last=False)[1].close()
    desk.show(draft)
    return desk


def check_draft(bench: Bench, draft: Draft) -> CheckView:
    """What is wrong with a draft, by the functions of `check` and the language server; and what it says where nothing is."""
    desk = desk_for(bench, draft)
    problems, rules = _problems(desk, bench.year)
    shown = tuple(sorted(_shown(desk, problems), key=lambda one: one.start))
    sound = rules and not any(one.is_error for one in shown)
    return CheckView(shown, words_of(rules[-1], desk.view(bench.year).layout) if sound else None)


def compile_draft(desk: Desk, year: int | None, layout: Layout) -> tuple[tuple[RuleText, ...], tuple[CheckedRule, ...]]:
    """The draft's rules as in force for a year, checked under a layout; none where there are errors."""
    desk.view(year)
    problems, _ = _problems(desk, year)
    if any(problem.is_error for problem in problems):
        return (), ()
    rules = desk.rules(year)
    return rules, check_rules(rules, layout, desk.memory).rules


def _problems(desk: Desk, year: int | None) -> tuple[list[Diagnostic], tuple[CheckedRule, ...]]:
    view = desk.view(year)
    real = desk.files.path(desk.path)
    out: list[Diagnostic] = []
    if _AS_ITEM.search(desk.wrapped.draft.text):
        out.append(Diagnostic("E413", "这里只写一条，从 id: 或 rule: 起，不写 language: 和 rules: 这些外层"))
    if not desk.wrapped.draft.text.strip():
        return [Diagnostic("E412", "还没有写内容")], ()
    out += [p for p in view.file_problems() if p.span.file and desk.files.path(p.span.file) == real]
    checked = check_rules(desk.rules(year), view.layout, desk.memory)
    return [*out, *checked.diagnostics], checked.rules


def _shown(desk: Desk, problems: Iterable[Diagnostic]) -> Iterable[ProblemView]:
    from juesuan_rules.editor.problems import actions, shown

    text = desk.files.open[desk.path]
    seen: set[object] = set()
    for problem in problems:
        key = (problem.code, problem.message, problem.span)
        if key in seen or len(seen) >= MOST_PROBLEMS:
            continue
        seen.add(key)
        start, end = text.span_offsets(problem.span) if problem.span.line else (0, 0)
        first, last = desk.wrapped.to_draft(start), desk.wrapped.to_draft(end)
        level = "错误" if problem.is_error else "警告"
        if first is None or last is None:
            yield ProblemView(problem.code, level, problem.message, problem.hint)
            continue
        repairs = []
        for action in actions("", text, [shown(problem, text)]):
            for edit in (action.edit.changes or {}).get("", ()) if action.edit is not None else ():
                places = [desk.wrapped.to_draft(text.offset(at)) for at in (edit.range.start, edit.range.end)]
                if None not in places:
                    repairs.append((action.title, *[units(desk.wrapped.draft.text, at or 0) for at in places], edit.new_text))
        written = desk.wrapped.draft.text
        line = written.count("\n", 0, first) + 1
        column = first - (written.rfind("\n", 0, first) + 1) + 1
        yield ProblemView(
            problem.code, level, problem.message, problem.hint, line, column, units(written, first), units(written, max(last, first)), tuple(repairs)  # type: ignore[arg-type]
        )  # fmt: skip


def complete_draft(bench: Bench, draft: Draft, offset: int) -> tuple[CompletionView, ...]:
    """What may stand at an offset (as a browser counts) of a draft."""
    from juesuan_rules.editor.completing import complete_expression
    from juesuan_rules.editor.keys import complete_yaml
    from juesuan_rules.editor.resolving import read_expression
    from juesuan_rules.editor.spots import typed_at

    desk = desk_for(bench, draft)
    text, view, wrapped = desk.files.open[desk.path], desk.view(bench.year), desk.wrapped
    typed = typed_at(text.content, wrapped.to_file(characters(draft.text, offset)), draft.kind)
    if typed.region is not None:
        found = complete_expression(read_expression(typed.region, typed.map, view), typed.cursor, text)
    elif typed.spot is not None:
        found = complete_yaml(typed.spot, typed.map, draft.kind, view, text)
    else:
        return ()
    return tuple(_completions(found.items[:MOST_COMPLETIONS], wrapped, text))


def _completions(items: Sequence[Any], wrapped: Wrapped, text: Text) -> Iterable[CompletionView]:
    for item in items:
        where = item.text_edit.range
        places = [wrapped.to_draft(text.offset(at)) for at in (where.start, where.end)]
        if None not in places:
            start, end = [units(wrapped.draft.text, at or 0) for at in places]
            yield CompletionView(item.label, item.detail or "", item.text_edit.new_text, start, end)


def format_draft(draft: Draft) -> str:
    """The draft in canonical spelling. Raises UsageError where it has errors that forbid that."""
    from juesuan_rules.authoring.formatting.files import format_text
    from juesuan_rules.workbench.drafts import item_text, items_of

    done = format_text(wrap(draft).content, "")
    if not isinstance(done, str):
        raise UsageError("没有整理：" + "；".join(problem.message for problem in done))
    items = items_of(done, draft.kind)
    if len(items) != 1:
        raise UsageError("没有整理：这里只能写一条")
    return item_text(done, items[0])


def words_of(rule: CheckedRule, layout: Layout) -> WordsView:
    """A checked rule in words."""
    words = Words(layout)
    forms = [check.form for check in rule.checks]
    everything = [*forms, *([rule.when] if rule.when is not None else [])]
    return WordsView(
        tuple([text for form in forms for text in words.meaning(form)]),
        words.condition(rule.when) if rule.when is not None else "",
        tuple(words.reads(everything)) or ("不读具体的格，看表的结构或全文文字",),
        tuple(tolerances(forms)),
    )


def units(text: str, offset: int) -> int:
    """An offset in characters as browsers count: UTF-16 units."""
    return len(text[:offset].encode("utf-16-le", "surrogatepass")) // 2


def characters(text: str, offset: int) -> int:
    """The reverse of `units`."""
    return len(text.encode("utf-16-le", "surrogatepass")[: max(offset, 0) * 2].decode("utf-16-le", "ignore"))
