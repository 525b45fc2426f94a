"""Finding packs by id, folder and region."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from small_packs import PROVINCE

from juesuan_rules.diagnostics import UsageError
from juesuan_rules.packs.locate import PackSpec, find_pack, list_packs, parse_pack_spec, select_pack

Write = Callable[[str, str], Path]


@pytest.fixture
def many(write: Write, packs: Path) -> Path:
    write("cn-9901/pack.yaml", PROVINCE.replace("cn-99-mou", "cn-9901").replace("'99'", "'9901'").replace("省", "市").replace("parent: cn\n", "parent: cn-99-mou\nyears: 2023..\n"))
    write("x-project/pack.yaml", PROVINCE.replace("cn-99-mou", "x-project").replace("'99'", "'990102'").replace("省", "项目"))
    return packs


@pytest.mark.parametrize(
    ("region", "year", "pack"),
    [("990102", 2023, "cn-9901"), ("990102", 2022, "cn-99-mou"), ("99", 2023, "cn-99-mou"), ("9902", None, "cn-99-mou"), ("98", 2023, "cn"), (None, 2023, "cn"), (None, None, "cn")],
)
def test_the_longest_region_wins(many: Path, region: str | None, year: int | None, pack: str) -> None:
    assert select_pack(region, year, [many]).manifest.id == pack


def test_without_a_national_pack_nothing_is_chosen(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        select_pack(None, None, [tmp_path])


def test_packs_are_listed_by_id_and_broken_ones_reported(many: Path, write: Write) -> None:
    write("坏/pack.yaml", "id: [")
    found, problems = list_packs([many])
    assert [p.manifest.id for p in found] == ["cn", "cn-99-mou", "cn-9901", "x-project"]
    assert problems and problems[0].span.line == 1


def test_the_first_root_wins(packs: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("另一处")
    (other / "cn").mkdir()
    (other / "cn" / "pack.yaml").write_text((packs / "cn" / "pack.yaml").read_text("utf-8").replace("1.2.0", "9.0.0"), "utf-8")
    assert select_pack(None, None, [other, packs]).manifest.version == "9.0.0"
    assert find_pack(PackSpec("cn"), [other, packs]).manifest.version == "9.0.0"


def test_specs() -> None:
    assert parse_pack_spec("cn@1.0.0") == PackSpec("cn", "1.0.0")
    assert parse_pack_spec("某目录/cn") == PackSpec("某目录/cn")
    for wrong in ("cn@1", "@1.0.0", "cn@"):
        with pytest.raises(UsageError):
            parse_pack_spec(wrong)


def test_an_unknown_pack_is_suggested(packs: Path) -> None:
    with pytest.raises(UsageError, match="cn-99-mou"):
        find_pack(PackSpec("cn-99-moo"), [packs])


def test_a_name_is_no_way_out_of_the_roots(packs: Path) -> None:
    with pytest.raises(UsageError):
        find_pack(PackSpec("../cn-99"), [packs / "cn"])
