"""From one team to another: keys, publishing, trust, withdrawal; `diff` and the version number it asks for."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Program = Callable[..., Any]
PACK = "language: 1\nid: cn-21-yunxiu\nversion: {version}\nname: 云岫市\nlevel: 市\nregion: '2199'\nparent: cn-21-liaoning\n"
RULE = "language: 1\nrules:\n  - id: Z-01\n    title: {title}\n    check: 总表[本年支出合计] {sign} 0\n    severity: 错误\n    basis: [{{文号: 口径}}]\n"
PASSPHRASE = "correct horse battery"


def write(folder: Path, version: str = "1.0.0", title: str = "本年支出不为负", sign: str = ">=") -> Path:
    """A small pack of a city."""
    (folder / "rules").mkdir(parents=True, exist_ok=True)
    (folder / "pack.yaml").write_text(PACK.format(version=version), "utf-8")
    (folder / "rules" / "z.yaml").write_text(RULE.format(title=title, sign=sign), "utf-8")
    return folder


@pytest.fixture
def team(program: Program, tmp_path: Path) -> Program:
    """The program with a home of its own and a passphrase at hand."""
    env = {"JUESUAN_HOME": str(tmp_path / "home"), "JUESUAN_KEY_PASSPHRASE": PASSPHRASE}
    return lambda *words, **more: program(*words, env={**env, **more})


@pytest.fixture
def published(team: Program, tmp_path: Path) -> Path:
    """A folder with a signed pack and a signed index."""
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    assert team("pack", "keygen", tmp_path / "a", "--by", "云岫市财政局").code == 0
    run = team("pack", "publish", write(tmp_path / "pack"), "-o", shelf, "--first", "--no-test", "--key", tmp_path / "a.key")
    assert run.code == 0, run.err
    return shelf


def test_what_is_published_is_signed_and_listed(team: Program, published: Path) -> None:
    assert {p.name for p in published.iterdir()} == {"cn-21-yunxiu-1.0.0.jspack", "index.json", "index.json.sig"}
    assert "不在信任名单里" in team("pack", "verify", published / "cn-21-yunxiu-1.0.0.jspack").out


def test_a_team_that_trusts_nobody_yet_refuses_and_then_accepts(team: Program, published: Path, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(exist_ok=True)
    (tmp_path / "home" / "trust.yaml").write_text("trust: 1\nrequire_signed: true\nrequire_signed_index: true\nkeys:\n", "utf-8")
    refused = team("pack", "install", published)
    assert refused.code == 3 and "E611" in refused.err
    added = team("pack", "trust", "--add", tmp_path / "a.pub", "--packs", "cn-21-*", "--until", "2099-12-31")
    assert added.code == 0 and "云岫市财政局" in added.out and "可签 cn-21-*" in added.out
    assert team("pack", "install", published).code == 0
    assert "签名 云岫市财政局" in team("pack", "list").out
    assert "签名  可信  云岫市财政局" in team("pack", "verify", "cn-21-yunxiu").out
    assert team("pack", "trust", "--add", tmp_path / "a.pub").code == 2


def test_a_pack_installed_before_the_team_insisted(team: Program, published: Path, tmp_path: Path, faulty: Path) -> None:
    assert team("pack", "install", published).code == 0
    assert team("eval", faulty, "--pack", "cn-21-yunxiu").code == 1
    (tmp_path / "home" / "trust.yaml").write_text("trust: 1\nrequire_signed: true\n", "utf-8")
    run = team("eval", faulty, "--pack", "cn-21-yunxiu")
    assert run.code == 3 and "E611" in run.err and run.out == ""
    assert team("eval", faulty).code == 1, "随程序附带的不须签名"


def test_a_withdrawal_is_heard_and_told(team: Program, published: Path, tmp_path: Path, faulty: Path) -> None:
    assert team("pack", "install", published).code == 0
    assert team("pack", "refresh", published).out == "没有新的撤回\n"
    wrong = team("pack", "withdraw", published, "cn-21-yunxiu@1.0.0", "--rule", "Z-02", "--reason", "口径有误")
    assert wrong.code == 2 and "cn-21-yunxiu@1.0.0 没有规则「Z-02」；是不是想写：Z-01" in wrong.err
    back = team("pack", "withdraw", published, "cn-21-yunxiu@1.0.0", "--rule", "Z-01", "--reason", "口径有误", "--key", tmp_path / "a.key")
    assert back.code == 0, back.err
    assert "规则 Z-01：口径有误" in team("pack", "refresh", published).out
    assert "已撤回规则 Z-01：口径有误" in team("pack", "list").out
    run = team("eval", faulty, "--pack", "cn-21-yunxiu", "--json", tmp_path / "r.json")
    assert "规则 Z-01 已被 cn-21-yunxiu 1.0.0 的发布者撤回：口径有误" in run.out
    (report,) = json.loads((tmp_path / "r.json").read_text("utf-8"))["reports"]
    assert any(f["rule"] == "Z-01" and "发布者已撤回这条规则：口径有误" in f["hints"] for f in report["findings"])
    assert team("pack", "withdraw", published, "cn-21-yunxiu@1.0.0", "--reason", "全错", "--key", tmp_path / "a.key").code == 0
    assert team("pack", "install", published).code == 3


def test_a_number_too_small_is_refused_with_the_changes(team: Program, published: Path, tmp_path: Path) -> None:
    folder = write(tmp_path / "pack", "1.0.1", sign=">")
    refused = team("pack", "publish", folder, "-o", published, "--no-test")
    assert refused.code == 3
    assert "至少应为 2.0.0" in refused.err and "Z-01" in refused.err and "总表[本年支出合计] > 0" in refused.err
    assert not (published / "cn-21-yunxiu-1.0.1.jspack").exists()
    assert team("pack", "publish", write(folder, "2.0.0", sign=">"), "-o", published, "--no-test").code == 0
    assert sorted(json.loads((published / "index.json").read_text("utf-8"))["packs"]["cn-21-yunxiu"]) == ["1.0.0", "2.0.0"]


def test_wording_needs_a_patch_only(team: Program, published: Path, tmp_path: Path) -> None:
    folder = write(tmp_path / "pack", title="支出不为负")
    assert team("pack", "publish", folder, "-o", published, "--no-test").code == 3
    assert team("pack", "publish", write(folder, "1.0.1", "支出不为负"), "-o", published, "--no-test").code == 0


def test_the_first_version_says_so(team: Program, tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    folder = write(tmp_path / "pack")
    assert team("pack", "publish", folder, "-o", shelf, "--no-test").code == 2
    assert list(shelf.iterdir()) == []
    assert team("pack", "publish", folder, "-o", shelf, "--no-test", "--first").code == 0
    assert team("pack", "publish", folder, "-o", shelf, "--no-test", "--first").code == 2
    assert team("pack", "publish", folder, "-o", shelf, "--no-test").code == 0, "同样的内容再做一次没有害处"


def test_diff_tells_what_results_change(team: Program, published: Path, tmp_path: Path, faulty: Path) -> None:
    new = write(tmp_path / "new", "2.0.0", sign="<")
    run = team("diff", published / "cn-21-yunxiu-1.0.0.jspack", new, "--json", tmp_path / "d.json")
    assert run.code == 1 and run.last.endswith("退出码 1") and "改动规则  Z-01" in run.out
    told = json.loads((tmp_path / "d.json").read_text("utf-8"))
    assert (told["step"], told["least_version"], told["version_is_enough"]) == ("major", "2.0.0", True)
    base = "rules/cn-21-liaoning"
    root = Path(__file__).parents[2]
    changed = tmp_path / "liaoning"
    for path in (root / base).rglob("*.yaml"):
        target = changed / path.relative_to(root / base)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(path.read_text("utf-8"), "utf-8")
    (changed / "rules" / "z.yaml").write_text(RULE.format(title="支出为负", sign="<"), "utf-8")
    run = team("diff", root / base, changed, "--corpus", faulty, "--json", "-")
    corpus = json.loads(run.raw)["corpus"]
    assert corpus["reports"] == 1 and [(c["kind"], c["rule"]) for c in corpus["findings"]] == [("gained", "Z-01")]


def test_a_version_is_like_itself(team: Program, published: Path, tmp_path: Path) -> None:
    run = team("diff", published, tmp_path / "pack")
    assert run.code == 0 and "0 处改动" in run.last
    assert team("diff", "cn-21-yunxiu", tmp_path / "pack").code == 2


def test_keys_are_guarded(team: Program, tmp_path: Path) -> None:
    assert team("pack", "keygen", tmp_path / "k", JUESUAN_KEY_PASSPHRASE="short").code == 2
    assert team("pack", "keygen", tmp_path / "k").code == 0
    assert b"ENCRYPTED" in (tmp_path / "k.key").read_bytes()
    assert team("pack", "keygen", tmp_path / "k").code == 2
    archive = tmp_path / "cn-21-yunxiu-1.0.0.jspack"
    assert team("pack", "build", write(tmp_path / "pack"), "-o", archive, "--no-test").code == 0
    before = archive.read_bytes()
    assert team("pack", "sign", archive, "--key", tmp_path / "k.key", JUESUAN_KEY_PASSPHRASE="wrong wrong wrong").code == 2
    assert archive.read_bytes() == before
    assert team("pack", "sign", archive, "--key", tmp_path / "k.key").code == 0
    assert archive.read_bytes() != before


def test_who_signs_stands_in_the_key(team: Program, tmp_path: Path) -> None:
    from juesuan_rules.store.archive import open_archive

    archive, key = tmp_path / "cn-21-yunxiu-1.0.0.jspack", tmp_path / "k.key"
    assert team("pack", "build", write(tmp_path / "pack"), "-o", archive, "--no-test").code == 0

    def signer(*more: object) -> str:
        run = team("pack", "sign", archive, "--key", key, *more)
        assert run.code == 0, run.err
        (one,) = open_archive(archive.read_bytes(), "x").signatures
        assert f"签名人  {one.by}\n" in run.out
        return one.by

    assert "持有人  云岫市财政局" in team("pack", "keygen", tmp_path / "k", "--by", "云岫市财政局").out
    (tmp_path / "k.pub").rename(tmp_path / "other.pub")
    assert signer() == "云岫市财政局"
    assert signer("--by", "值班员") == "值班员"
    # A key made before private keys named their holder: the .pub beside it, the trust list, the file's name.
    key.write_bytes(key.read_bytes().partition(b"\n")[2])
    assert signer() == "k"
    assert team("pack", "trust", "--add", tmp_path / "other.pub").code == 0
    assert signer() == "云岫市财政局"
    (tmp_path / "home" / "trust.yaml").write_text("trust: 2\n", "utf-8")
    assert signer() == "k"
    (tmp_path / "other.pub").rename(tmp_path / "k.pub")
    assert signer() == "云岫市财政局"
    assert team("pack", "keygen", tmp_path / "m").code == 0
    (tmp_path / "m.pub").replace(tmp_path / "k.pub")
    assert signer() == "k", "旁边的公钥不是这个密钥的"


def test_without_a_terminal_and_a_passphrase_nothing_hangs(program: Program, tmp_path: Path) -> None:
    run = program("pack", "keygen", tmp_path / "k")
    assert run.code == 2 and "JUESUAN_KEY_PASSPHRASE" in run.err
    assert program("pack", "keygen", tmp_path / "k", "--no-passphrase").code == 0
    assert b"ENCRYPTED" not in (tmp_path / "k.key").read_bytes()


def test_a_second_team_gets_the_same_digest(program: Program, team: Program, published: Path, tmp_path: Path, faulty: Path) -> None:
    digests, told = set(), set()
    for name in ("甲", "乙"):
        place = tmp_path / name / "报告"
        place.mkdir(parents=True)
        (place / "r.txt").write_bytes(faulty.read_bytes())
        (place / "坏.pdf").write_bytes(b"%PDF-1.4 broken")
        (place / "waivers.yaml").write_text("waivers: []\n", "utf-8")
        env = {"JUESUAN_HOME": str(tmp_path / name / "home"), "JUESUAN_CACHE": str(tmp_path / name / "cache")}
        assert program("pack", "install", published, env=env, cwd=place).code == 0
        assert program("lock", "--waivers", "waivers.yaml", env=env, cwd=place).code == 0
        target = place if name == "甲" else "."
        run = program("eval", target, "--locked", "--waivers", "waivers.yaml", "--pack", "cn-21-yunxiu", "--json", "r.json", env=env, cwd=place)
        assert run.code == 4, run.err
        value = json.loads((place / "r.json").read_text("utf-8"))
        digests.add(value["provenance"]["canonical_digest"])
        told.add(next(line for line in run.out.splitlines() if line.startswith("结果摘要")))
    assert len(digests) == 1 and told == {f"结果摘要  {next(iter(digests))}（同样的报告、规则包和豁免，得到同样的摘要）"}
