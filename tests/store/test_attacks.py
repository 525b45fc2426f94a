"""Archives made to do harm: each is refused in clear words, and nothing is written anywhere."""

from __future__ import annotations

import json
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from small_archives import RULE, build, manifest_of, pack_files, plain_zip

from juesuan_rules.store import limits
from juesuan_rules.store.acquire import install
from juesuan_rules.store.archive import inspect_archive, open_archive
from juesuan_rules.store.container import write_container
from juesuan_rules.store.install import admit
from juesuan_rules.store.local import Records, Store
from juesuan_rules.store.policy import Policy
from juesuan_rules.store.problems import PackError
from juesuan_rules.store.sources.model import Access

Everything = Callable[[], set[str]]


def refusal(data: bytes) -> str:
    """Everything that is said of an archive; the test fails where it is accepted."""
    archive, problems = inspect_archive(data, "x.jspack")
    assert archive is None
    return "\n".join(f"{p.span.file} {p.code} {p.message}" for p in problems)


def with_name(name: str, content: bytes = b"x: 1\n") -> bytes:
    """An archive whose manifest lists a further file of that name."""
    files = {**pack_files(), name: content}
    return write_container([("MANIFEST.json", manifest_of(files)), *files.items()])


UNSAFE = {
    "../out.yaml": "会写到目录之外",
    "rules/../../out.yaml": "会写到目录之外",
    "/etc/out.yaml": "是绝对路径",
    "C:/out.yaml": "是绝对路径",
    "c:out.yaml": "是绝对路径",
    "\\\\server\\share\\out.yaml": "是绝对路径",
    "rules\\out.yaml": "含有反斜线",
    "..\\out.yaml": "含有反斜线",
    "rules//out.yaml": "含有空的",
    "./out.yaml": "含有空的",
    "rules/.git/out.yaml": "以点开头",
    "rules/out.yaml ": "首尾有空格或点",
    "rules/out.yaml.": "首尾有空格或点",
    "rules/aux.yaml": "设备名",
    "NUL.yaml": "设备名",
    "rules/a:b.yaml": "Windows 上不能用",
    "rules/a\u202eb.yaml": "不可见的字符",
    "rules/a\x00.yaml": "不可见的字符",
    "rules/" + "a" * 200 + ".yaml": "太长或太深",
    "a/" * 9 + "b.yaml": "太长或太深",
    "run.exe": "不是规则包里该有的文件",
    "rules/run.py": "不是规则包里该有的文件",
    "manifest.json": "留给清单和签名",
}


@pytest.mark.parametrize("name", UNSAFE)
def test_unsafe_names(name: str, tmp_path: Path, store: Store, everything: Everything) -> None:
    data = with_name(name)
    assert UNSAFE[name] in refusal(data)
    path = tmp_path / "attack.jspack"
    path.write_bytes(data)
    before = everything()
    with pytest.raises(PackError):
        install([str(path)], store, Policy(), Access())
    assert everything() == before
    assert not Path("/etc/out.yaml").exists()


def test_a_name_that_only_the_table_of_contents_tells_otherwise() -> None:
    data = bytearray(build())
    at = data.index(b"rules/a.yaml")  # in the entry's own header
    data[at : at + 12] = b"../../a.yaml"
    assert "说法不一" in refusal(bytes(data))


def test_links() -> None:
    link = zipfile.ZipInfo("rules/link.yaml")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    files = {**pack_files(), "rules/link.yaml": b"../../../etc/passwd"}
    entries: list[tuple[str | zipfile.ZipInfo, bytes]] = [("MANIFEST.json", manifest_of(files)), *pack_files().items(), (link, files["rules/link.yaml"])]
    assert "x.jspack!rules/link.yaml E604 是链接" in refusal(plain_zip(entries))


@pytest.mark.parametrize("mode", [stat.S_IFIFO, stat.S_IFCHR, stat.S_IFDIR])
def test_special_files(mode: int) -> None:
    special = zipfile.ZipInfo("rules/x.yaml")
    special.external_attr = mode << 16
    assert "E604 是目录或特殊文件" in refusal(plain_zip([("MANIFEST.json", manifest_of(pack_files())), *pack_files().items(), (special, b"")]))


def test_folders_as_entries() -> None:
    assert "E604 文件名不安全：是目录项" in refusal(plain_zip([("MANIFEST.json", manifest_of(pack_files())), ("rules/", b""), *pack_files().items()]))


def test_duplicate_names() -> None:
    files = pack_files()
    twice = [("MANIFEST.json", manifest_of(files)), *files.items(), ("rules/a.yaml", b"language: 1\nrules: []\n")]
    assert "x.jspack!rules/a.yaml E605 名称重复" in refusal(write_container(twice))


@pytest.mark.parametrize("other", ["rules/A.YAML", "Rules/a.yaml", "PACK.yaml"])
def test_names_that_differ_by_case_only(other: str) -> None:
    assert "E605 与「" in refusal(with_name(other)) and "同一个文件" in refusal(with_name(other))


def test_names_that_differ_by_the_composition_of_letters_only() -> None:
    files = {**pack_files(), "rules/é.yaml": b"a: 1\n", "rules/e\u0301.yaml": b"a: 1\n"}
    assert "E605" in refusal(write_container([("MANIFEST.json", manifest_of(files)), *files.items()]))


def test_a_file_that_is_a_folder_too() -> None:
    files = {**pack_files(), "a.yaml": b"a: 1\n", "a.yaml/b.yaml": b"a: 1\n"}
    assert "E605" in refusal(write_container([("MANIFEST.json", manifest_of(files)), *files.items()]))


def test_a_file_outside_the_manifest() -> None:
    files = pack_files()
    data = write_container([("MANIFEST.json", manifest_of(files)), *files.items(), ("rules/z.yaml", b"language: 1\n")])
    assert "x.jspack!rules/z.yaml E607 不在清单里" in refusal(data)


def test_a_missing_file() -> None:
    files = pack_files()
    data = write_container([("MANIFEST.json", manifest_of(files)), *((n, c) for n, c in files.items() if n != "rules/a.yaml")])
    assert "x.jspack!rules/a.yaml E607 清单里有，归档里没有" in refusal(data)


def test_a_changed_byte_of_the_content() -> None:
    files = pack_files()
    changed = {**files, "rules/a.yaml": files["rules/a.yaml"].replace(b"==", b"<=")}
    assert "x.jspack!rules/a.yaml E608 内容与清单不符" in refusal(write_container([("MANIFEST.json", manifest_of(files)), *changed.items()]))


def test_a_changed_manifest() -> None:
    files = pack_files()
    said = refusal(write_container([("MANIFEST.json", manifest_of(files, version="9.0.0")), *files.items()]))
    assert "清单写的版本是「9.0.0」，规则包里是「1.0.0」" in said
    said = refusal(write_container([("MANIFEST.json", manifest_of(files, digest="sha256:" + "0" * 64)), *files.items()]))
    assert "摘要与所列文件不符" in said
    said = refusal(write_container([("MANIFEST.json", manifest_of(files, rules_digest="sha256:" + "0" * 64)), *files.items()]))
    assert "清单写的规则摘要" in said


def test_every_problem_is_told_at_once() -> None:
    files = pack_files()
    changed = {**files, "rules/a.yaml": b"x: &a 1\n", "../z.yaml": b"", "rules/B.yaml": b"", "rules/b.yaml": b""}
    said = refusal(write_container([("MANIFEST.json", manifest_of(files)), *changed.items()]))
    assert {"E603", "E605", "E607", "E608", "E405"} <= {word for word in said.split() if word.startswith("E")}


@pytest.mark.parametrize("text", ["[]", "{}", '{"format": 2}', "{", "[" * 5000, '{"format":1,"format":1}', '{"id": NaN}', "\xff"])
def test_broken_manifests(text: str) -> None:
    files = pack_files()
    said = refusal(write_container([("MANIFEST.json", text.encode("latin-1")), *files.items()]))
    assert "MANIFEST.json E606 清单读不懂" in said


def test_unknown_keys_of_a_manifest() -> None:
    files = pack_files()
    told = {**json.loads(manifest_of(files)), "scripts": {"install": "rm"}}
    assert "E606" in refusal(write_container([("MANIFEST.json", json.dumps(told).encode()), *files.items()]))


def test_broken_signatures() -> None:
    files = pack_files()
    data = write_container([("MANIFEST.json", manifest_of(files)), ("SIGNATURES.json", b"{}"), *files.items()])
    assert "SIGNATURES.json E610 签名读不懂" in refusal(data)


def test_too_many_files() -> None:
    many = [(f"docs/{n}.md", b"") for n in range(limits.FILES + 3)]
    assert "E602 归档里有" in refusal(write_container(many))


def test_too_large_a_file() -> None:
    noise = bytes(range(256)) * (limits.FILE_BYTES // 256 + 1)
    assert "E602 太大" in refusal(with_name("docs/a.txt", noise))


def test_a_zip_bomb(everything: Everything) -> None:
    bomb = with_name("docs/a.txt", bytes(limits.FILE_BYTES))
    assert len(bomb) < 100_000
    assert "像是压缩炸弹" in refusal(bomb)


def test_a_bomb_that_lies_about_its_size() -> None:
    files = {**pack_files(), "docs/a.txt": bytes(limits.FILE_BYTES)}
    data = bytearray(write_container([("MANIFEST.json", manifest_of(files)), *files.items()]))
    size = struct.pack("<I", limits.FILE_BYTES)
    while (at := data.find(size)) >= 0:
        data[at : at + 4] = struct.pack("<I", 1000)
    assert "docs/a.txt E608 内容损坏" in refusal(bytes(data))


def test_overlapping_entries() -> None:
    data = bytearray(build())
    central = data.index(b"PK\x01\x02")
    second = data.index(b"PK\x01\x02", central + 4)
    data[second + 42 : second + 46] = data[central + 42 : central + 46]
    assert "重叠或夹带" in refusal(bytes(data))


@pytest.mark.parametrize("where", ["before", "between", "behind"])
def test_hidden_content(where: str) -> None:
    data = build()
    central = data.index(b"PK\x01\x02")
    hidden = {"before": b"#!/bin/sh\n" + data, "between": data[:central] + b"hidden" + data[central:], "behind": data + b"hidden"}
    assert "E601" in refusal(hidden[where])


def test_names_that_are_no_utf_8() -> None:
    data = build(rules__bb="a: 1\n").replace(b"rules/bb.yaml", b"rules/\xff\xfe.yaml")
    assert "E603 名称不是 UTF-8" in refusal(data)


def test_encrypted_entries() -> None:
    data = bytearray(build())
    for head, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.rindex(head)
        data[at + place] |= 1
    assert "有密码" in refusal(bytes(data))


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"


@pytest.mark.parametrize(("text", "said"), [(BOMB, "E405 不支持锚点"), ("[" * 2000, "E404 嵌套太深"), ("a: !!python/object/apply:os.system [id]\n", "E405"), ("a: 1\na: 2\n", "E407")])
def test_yaml_bombs(text: str, said: str) -> None:
    told = refusal(with_name("layouts/bomb.yaml", text.encode()))
    assert "x.jspack!layouts/bomb.yaml" in told and said in told


def test_yaml_that_would_take_long_to_read() -> None:
    import time

    begun = time.process_time()
    assert "E602 规则包的内容太多" in refusal(with_name("layouts/long.yaml", b"- a\n" * 250_000))
    assert time.process_time() - begun < 2


def test_yaml_that_is_no_utf_8() -> None:
    assert "x.jspack!rules/z.yaml E403" in refusal(with_name("rules/z.yaml", b"language: 1\n\xff"))


def rule_with(pattern: str) -> str:
    return RULE + f"""  - id: A01-9
    title: 匹配
    check: |-
      每个 r 属于 总表[支出]：名称(r) 匹配 "{pattern}"
"""


@pytest.mark.parametrize("pattern", [r"(.)\1", "(?=a)b", "(?<!a)b", "a{1,100000}", "(" * 10, "[" * 3])
def test_patterns_that_the_linear_engine_refuses(pattern: str) -> None:
    told = refusal(with_name("rules/z.yaml", rule_with(pattern).encode()))
    assert "E310 匹配的写法不对" in told and "x.jspack!rules/z.yaml" in told


def test_a_catastrophic_pattern_is_harmless() -> None:
    """(a+)+$ costs other engines exponential time; RE2 takes it and runs it in linear time."""
    import time

    from juesuan_rules.language.patterns import compile_pattern

    data = with_name("rules/z.yaml", rule_with("(a+)+$").encode())
    assert "E310" not in "\n".join(p.code for p in inspect_archive(data, "x")[1])
    begun = time.process_time()
    assert compile_pattern("(a+)+$").search("a" * 50_000 + "!") is None
    assert time.process_time() - begun < 1


def test_a_replayed_old_version(store: Store) -> None:
    with store.changing():
        from juesuan_rules.store.local import Incoming

        store.add([Incoming(open_archive(build(version="1.1.0"), "new"))])
    with pytest.raises(PackError) as refused:
        admit(build(version="1.0.0"), "old", Policy())
    assert [d.code for d in refused.value.diagnostics] == ["E612"]
    assert admit(build(version="1.0.0"), "old", Policy(allow_older=True)).manifest.version == "1.0.0"


def test_another_content_under_a_known_version(store: Store) -> None:
    from juesuan_rules.store.local import Incoming

    with store.changing():
        records = store.add([Incoming(open_archive(build(), "first"))])
        store.remove(records)
    other = build(docs__note="a: 1\n")
    with pytest.raises(PackError) as refused:
        admit(other, "second", Policy())
    assert [d.code for d in refused.value.diagnostics] == ["E613"]
    assert admit(build(), "first again", Policy())


def test_another_content_under_a_shipped_version(shipped: Path, store: Store) -> None:
    from small_archives import write_pack

    write_pack(shipped / "mou", pack_files())
    assert admit(build(), "same", Policy(), Records())
    forged = build(rules__b=RULE.replace("A01-1", "A01-2"))
    with pytest.raises(PackError) as refused:
        admit(forged, "forged", Policy(allow_older=True), Records())
    assert "随程序附带的同一版本内容不同" in refused.value.diagnostics[0].message


def test_a_digest_that_is_not_the_one_promised() -> None:
    with pytest.raises(PackError) as refused:
        admit(build(), "x", Policy(), Records(), expected="sha256:" + "0" * 64)
    assert refused.value.diagnostics[0].code == "E613"


def test_a_policy_that_asks_for_signatures(store: Store, tmp_path: Path) -> None:
    from small_archives import write_pack

    folder = write_pack(tmp_path / "mou", pack_files())
    (tmp_path / "mou-1.0.0.jspack").write_bytes(build())
    for source in (folder, tmp_path / "mou-1.0.0.jspack"):
        with pytest.raises(PackError) as refused:
            install([str(source)], store, Policy(require_signed=True), Access())
        assert refused.value.diagnostics[0].code == "E611"
    assert store.records().packs == ()


def test_control_characters_do_not_reach_the_console() -> None:
    assert "\x1b" not in refusal(with_name("rules/\x1b[2J.yaml"))
