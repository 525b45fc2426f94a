"""A new pack passes its own check and test; what would not be sound is refused and leaves nothing behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from juesuan_rules.authoring.cases import run_cases
from juesuan_rules.authoring.formatting.files import format_file, pack_yaml
from juesuan_rules.authoring.scaffold.packs import NewPack, create_pack
from juesuan_rules.diagnostics import RulesError, UsageError
from juesuan_rules.packs.load import inspect_pack
from juesuan_rules.resources import rules_root

ROOTS = (rules_root(),)


@pytest.mark.parametrize(
    ("region", "parent", "above", "level"),
    [("2199", None, "cn-21-liaoning", "市"), ("61", None, "cn", "省"), ("湖北省随州市", "cn-42-hubei", "cn-42-hubei", "市"), ("219901", "cn", "cn", "县")],
)
def test_a_new_pack_is_sound(tmp_path: Path, region: str, parent: str | None, above: str, level: str) -> None:
    folder = tmp_path / "cn-new"
    files = create_pack(NewPack(folder, region, parent), ROOTS)
    assert {p.relative_to(folder).as_posix() for p in files} == {"pack.yaml", "layouts/tables.yaml", "rules/README.md", "cases/README.md", "README.md"}
    result = inspect_pack(str(folder), None, ROOTS)
    assert result.diagnostics == () and result.pack is not None
    assert (result.pack.manifest.parent, result.pack.manifest.level) == (above, level)
    assert run_cases(str(folder), ROOTS).passed
    assert not any(format_file(path).changed for path in pack_yaml([folder]))


def test_names_and_ids(tmp_path: Path) -> None:
    create_pack(NewPack(tmp_path / "青山", "2199", name='甲: "乙" #丙'), ROOTS)
    pack = inspect_pack(str(tmp_path / "青山"), None, ROOTS).pack
    assert pack is not None and (pack.manifest.id, pack.manifest.name) == ("cn-2199", '甲: "乙" #丙')


@pytest.mark.parametrize(
    ("wanted", "message"),
    [({"region": "火星"}, "不认识"), ({"region": "普陀区"}, "不止一个"), ({"region": "2199", "id": "Bad"}, "写法不对"), ({"region": "2199", "parent": "cn-99"}, "找不到")],
)
def test_what_cannot_be_is_refused(tmp_path: Path, wanted: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        create_pack(NewPack(tmp_path / "new", **wanted), ROOTS)
    assert list(tmp_path.iterdir()) == []


def test_an_unsound_pack_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(RulesError) as caught:
        create_pack(NewPack(tmp_path / "new", "2199", level="国家"), ROOTS)
    assert {d.code for d in caught.value.diagnostics} == {"E417"}
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x", "utf-8")
    with pytest.raises(UsageError, match="已经有内容"):
        create_pack(NewPack(tmp_path, "2199"), ROOTS)
    assert [p.name for p in tmp_path.iterdir()] == ["notes.txt"]
