"""What is kept between runs never changes what is said: cold, again, after a change, with comments that silence."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.authoring.linting.linted import SETTINGS, Write, of, rules

from juesuan_rules.authoring.linting import run as linting
from juesuan_rules.authoring.linting.codes import by_code
from juesuan_rules.authoring.linting.examples import example_files
from juesuan_rules.authoring.linting.run import LintReport, lint_pack
from juesuan_rules.authoring.linting.work import Authored, Settings, Work
from juesuan_rules.pipeline.cache import Cache
from juesuan_rules.resources import rules_root

NOTE = "# lint: 忽略 L211 因为本包只用于一个地区"
SHIPPED = sorted(path.parent.name for path in rules_root().glob("*/pack.yaml"))
SHALLOW = [code for code, known in by_code().items() if not known.deep]


def said(report: LintReport) -> tuple[object, ...]:
    """All of a report but the files themselves."""
    return (
        report.pack,
        report.rules,
        report.findings,
        report.notes,
        [(name, file.text, file.data, file.diagnostics, file.places) for name, file in report.files.items()],
    )


def same(pack: Path, cache: Path, settings: Settings = SETTINGS) -> LintReport:
    """Lint with what is kept, twice, and without; all must say the same."""
    plain = lint_pack(str(pack), (pack.parent,), settings)
    for _ in range(2):
        assert said(lint_pack(str(pack), (pack.parent,), settings, Cache(cache))) == said(plain)
    return plain


def small(write: Write, *texts: str) -> Path:
    plain = {name: text for name, text in example_files(by_code()["L210"], good=True).items() if not name.endswith("口径.yaml")}
    return write({**plain, **{f"base/rules/{number}.yaml": text for number, text in enumerate(texts)}}) / "base"


@pytest.mark.parametrize("pack", SHIPPED)
def test_shipped_packs(pack: str, tmp_path: Path) -> None:
    shutil.copytree(rules_root(), tmp_path / "packs")
    folder, cache = tmp_path / "packs" / pack, tmp_path / "cache"
    same(folder, cache)
    for path in _changes(folder):
        same(folder, cache)
        assert path.is_file()


def _changes(folder: Path) -> Iterator[Path]:
    """Change one file after the other: a rule's title, a comment that silences, that comment without its use, a manifest."""
    path = next(path for name in ("rules/*.yaml", "overrides.yaml", "*/*.yaml") for path in sorted(folder.glob(name)))
    text = path.read_text("utf-8")
    entry = "  - id: " if "  - id: " in text else "  - rule: "
    for changed in (
        text.replace("title: ", "title: 另", 1),
        text.replace(entry, f"  # lint: 忽略 L402、L408、L110 因为试一试\n{entry}", 1),
        text.replace(entry, f"  # lint: 忽略 L402\n{entry}", 1),
        "# lint: 忽略 L402、L203 因为整个文件如此\n" + text,
        text,
    ):
        path.write_text(changed, "utf-8", newline="\n")
        yield path
    manifest = folder / "pack.yaml"
    manifest.write_text(manifest.read_text("utf-8") + "# 末尾\n", "utf-8", newline="\n")
    yield manifest


@pytest.mark.parametrize("good", [False, True])
@pytest.mark.parametrize("code", SHALLOW)
def test_examples_of_every_code(code: str, good: bool, write: Write, tmp_path: Path) -> None:
    root = write(example_files(by_code()[code], good))
    for pack in sorted(path.parent for path in root.glob("*/pack.yaml")):
        plain = lint_pack(str(pack), (root,), SETTINGS)
        for _ in range(2):
            assert said(lint_pack(str(pack), (root,), SETTINGS, Cache(tmp_path / "cache"))) == said(plain)


def test_silenced_findings_stay_silenced_and_unused_comments_are_told_again(write: Write, tmp_path: Path) -> None:
    text = rules("sum(01表.收入) == 总表[本年收入合计]", "01表[其他收入] >= 0")
    cache = tmp_path / "cache"
    pack = small(write, text.replace("  - id: A01-1", f"  {NOTE}\n  - id: A01-1"))
    assert [f.rule for f in of(same(pack, cache), "L211")] == ["A01-2"]
    small(write, text)
    assert len(of(same(pack, cache), "L211")) == 2
    small(write, text.replace("01表[其他", "总表[其他").replace("  - id: A01-2", f"  {NOTE}\n  - id: A01-2"))
    assert [f.code for f in of(same(pack, cache), "L211", "L502")] == ["L211", "L502"]
    small(write, NOTE + "\n" + text)
    assert not of(same(pack, cache), "L211", "L502")


def test_what_one_file_is_said_to_be_depends_on_the_others(write: Write, tmp_path: Path) -> None:
    """A rule of one file that another replaces, a day that passes, a layout that changes."""
    cache = tmp_path / "cache"
    first = rules("01表[其他收入] >= 0")
    pack = small(write, first, rules(("B-01", "总表[其他收入] >= 0")))
    before = same(pack, cache)
    small(write, first, rules(("A01-1", "总表[其他收入] >= 0")))
    assert said(same(pack, cache)) != said(before)
    later = Settings(SETTINGS.today.replace(year=2036))
    assert of(same(pack, cache, later), "L403") and not of(same(pack, cache), "L403")
    layout = next((pack / "layouts").glob("*.yaml"))
    layout.write_text(layout.read_text("utf-8").replace('number: "01"', 'number: "07"'), "utf-8", newline="\n")
    assert not of(same(pack, cache), "L211")


def test_a_file_that_did_not_change_is_not_looked_at_again(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []

    def look(work: Work, one: Authored) -> None:
        looked.append(one.rule.id)

    pack = small(write, rules("01表[其他收入] >= 0"), rules(("B-01", "总表[其他收入] >= 0")))
    monkeypatch.setattr(linting, "_PER_RULE", (look,))
    for expected in (["A01-1", "B-01"], []):
        looked.clear()
        lint_pack(str(pack), (pack.parent,), SETTINGS, Cache(tmp_path / "cache"))
        assert sorted(set(looked)) == expected
    small(write, rules("01表[其他收入] >= 0"), rules(("B-01", "总表[其他收入] > 0")))
    lint_pack(str(pack), (pack.parent,), SETTINGS, Cache(tmp_path / "cache"))
    assert looked == ["B-01"]


def test_damaged_and_foreign_entries_do_no_harm(write: Write, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    pack = small(write, rules("01表[其他收入] >= 0"))
    plain = said(same(pack, cache))
    for path in cache.glob("*/*/*.bin"):
        path.write_bytes(path.read_bytes()[:-3])
    assert said(same(pack, cache)) == plain
    for value in (None, 5, ((1, 2),), [1, 2, 3]):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Cache, "get", lambda self, kind, key, value=value: value)
            assert said(lint_pack(str(pack), (pack.parent,), SETTINGS, Cache(cache))) == plain
