"""The part of the error gallery that needs commands: files beside packs, archives and where they come from, reports.

Every entry makes a few small files in an empty folder and runs the program there; what it says goes into the gallery.
"""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from msgspec.structs import replace

from juesuan_rules.store.archive import make_manifest
from juesuan_rules.store.build import archive_files
from juesuan_rules.store.container import write_container
from juesuan_rules.store.manifest import encode

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "docs" / "examples" / "errors"
_WORKERS = 2

Make = Callable[[Path], None]


@dataclass(frozen=True)
class Entry:
    """A code with what causes it. shown: the causing file as text, or a word about it; commands: run in order, the
    last one's words are the message. make: writes the files."""

    code: str
    meaning: str
    shown: str
    commands: tuple[str, ...]
    make: Make


PACK = "language: 1\nid: mou\nversion: {version}\nname: 某市规则包\nlevel: 市\nregion: '2199'\nparent: {parent}\n"
RULE = "language: 1\nrules:\n  - id: X01-1\n    title: 总表：本年支出合计不为负\n    check: 总表[本年支出合计] {sign} 0\n"
FAILING = "language: 1\nrule: X01-1\ncases:\n  - {name: 负数, outcome: 相符, year: 2023, tables: {总表: {本年支出合计: -1.00}}}\n  - {name: 正数, outcome: 不符, year: 2023, tables: {总表: {本年支出合计: 1.00}}}\n"
REPORT = "某市某局\n2023年度部门决算\n"

Files = dict[str, bytes]


def pack(version: str = "1.0.0", parent: str = "cn", sign: str = ">=") -> Files:
    """The files of a small pack."""
    return {"pack.yaml": PACK.format(version=version, parent=parent).encode(), "rules/x.yaml": RULE.format(sign=sign).encode()}


def built(files: Files) -> bytes:
    """A sound archive."""
    return archive_files(files, "mou", True).data


def forged(files: Files, listed: Files | None = None, manifest: bytes | None = None, **changes: str) -> bytes:
    """An archive as nobody should make it. listed: the files its manifest lists; changes: what else that says."""
    told = make_manifest(files if listed is None else listed, "mou", "1.0.0", "", {"cn": ">=0"}, True)
    return write_container([("MANIFEST.json", encode(replace(told, **changes)) if manifest is None else manifest), *files.items()])


def write(files: Mapping[str, bytes | str], folder: Path) -> None:
    """Write files by their path below a folder."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def files(**named: bytes | str) -> Make:
    """Writes the files; `__` in a name is a dot, `___` a slash."""
    return partial(write, {name.replace("___", "/").replace("__", "."): content for name, content in named.items()})


def _linked() -> bytes:
    """An archive with a link, as other programs pack it."""
    import io

    link = zipfile.ZipInfo("rules/link.yaml")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    listed = {**pack(), "rules/link.yaml": b"/etc/passwd"}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("MANIFEST.json"), encode(make_manifest(listed, "mou", "1.0.0", "", {"cn": ">=0"}, True)))
        for name, content in pack().items():
            archive.writestr(zipfile.ZipInfo(name), content)
        archive.writestr(link, b"/etc/passwd")
    return out.getvalue()


def _locked_zip() -> bytes:
    """A ZIP file whose one entry says that it is encrypted."""
    import io

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("决算.txt"), "密文")
    data = bytearray(out.getvalue())
    for head, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(head) + place] |= 1
    return bytes(data)


def _verify(code: str, meaning: str, shown: str, data: Callable[[], bytes]) -> Entry:
    return Entry(code, meaning, f"（归档 mou.jspack：{shown}）", ("pack verify mou.jspack",), lambda folder: write({"mou.jspack": data()}, folder))


def _read(code: str, meaning: str, shown: str, name: str, data: bytes) -> Entry:
    return Entry(code, meaning, f"（报告「{name}」：{shown}）", (f"eval {name}",), lambda folder: write({name: data} if data else {}, folder))


def _waivers(code: str, meaning: str) -> Entry:
    path = EXAMPLES / f"{code}.yaml"
    return Entry(code, meaning, path.read_text("utf-8"), (f"waivers check {path.name}",), lambda folder: write({path.name: path.read_bytes()}, folder))


def _case_archives() -> bytes:
    return forged({**pack(), "rules/X.yaml": b"language: 1\nrules: []\n"})


def _older(folder: Path) -> None:
    write({"mou-1.1.0.jspack": built(pack("1.1.0")), "mou-1.0.0.jspack": built(pack())}, folder)


def _other_content(folder: Path) -> None:
    write({"一/mou-1.0.0.jspack": built(pack()), "二/mou-1.0.0.jspack": built(pack(sign=">"))}, folder)


def _with_lock(folder: Path) -> None:
    lock = "lock: 1\npacks:\n  - id: cn\n    version: \"0.0.1\"\n    digest: sha256:" + "0" * 64 + "\n    source: \"随程序附带\"\n"
    write({"juesuan.lock": lock, "报告.txt": REPORT}, folder)


LOCK = "lock: 1\npacks:\n  - id: cn\n    version: \"0.0.1\"\n    digest: sha256:0000…\n    source: \"随程序附带\"\n"
TRUST = "trust: 1\nrequire_signed: true\nkeys:\n"
BAD_CORRECTIONS = "corrections: 1\n更正:\n  - 表: 总表\n    行: 本年支出合计\n    应为: 一千万\n    更正入: 甲\n    理由: 印错\n"
BAD_TRUST = "trust: 1\nrequire_signed: 要\nkeys:\n  - name: 某局\n    key: ed25519:AAAA\n"
BAD_LOCK = "lock: 1\npacks:\n  - {id: cn, version: '1.0.0', digset: x}\n"
BAD_WAIVERS = "waivers:\n  - rule: A01-2\n    unit: 某市某局\n    aprover: 审核科\n"


def entries() -> tuple[Entry, ...]:
    """Every code that the commands below can say."""
    return (
        _waivers("E451", "豁免：规则编号写法不对"),
        _waivers("E452", "豁免：年度写法不对"),
        _waivers("E453", "豁免：可接受的差额写法不对"),
        _waivers("E454", "豁免：到期日写法不对"),
        _waivers("E455", "豁免：同一处写了两条"),
        _waivers("W450", "豁免：差额没有写单位"),
        _waivers("W451", "豁免：没有这条规则"),
        _read("E501", "报告：没有这个文件，或不是文件", "没有这个文件", "没有.txt", b""),
        _read("E502", "报告：没有内容", "只有空白", "空.txt", b"\n \n"),
        _read("E503", "报告：太大或太复杂", "一行有三十万字", "长.txt", "决算".encode() * 150_000),
        _read("E504", "报告：不是文字", "随意的字节", "乱码.txt", bytes((i * 89 + 7) % 256 for i in range(4096))),
        _read("E505", "报告：不能读的格式", "RAR 压缩包", "决算.rar", b"Rar!\x1a\x07\x00"),
        _read("E506", "报告：加密", "加密的 ZIP 压缩包", "决算.zip", _locked_zip()),
        _read("E507", "报告：损坏", "只有开头的 PDF", "决算.pdf", b"%PDF-1.4\n1 0 obj\n"),
        _verify("E601", "归档：不是归档，或损坏", "不是 ZIP 文件", lambda: "规则包".encode()),
        _verify("E602", "归档：太大", "docs/a.txt 是 8 MB 的零，压成几千字节", lambda: forged({**pack(), "docs/a.txt": bytes(8 * 1024 * 1024)})),
        _verify("E603", "归档：不安全的文件名", "里面有 ../../别处.yaml", lambda: forged({**pack(), "../../别处.yaml": b"a: 1\n"})),
        _verify("E604", "归档：链接或特殊文件", "rules/link.yaml 是指向 /etc/passwd 的链接", _linked),
        _verify("E605", "归档：名称重复", "rules/x.yaml 和 rules/X.yaml 在有的系统上是同一个文件", _case_archives),
        _verify("E606", "归档：清单读不懂", "MANIFEST.json 里是 {}", lambda: forged(pack(), manifest=b"{}")),
        _verify("E607", "归档：文件与清单对不上", "rules/z.yaml 不在清单里", lambda: forged({**pack(), "rules/z.yaml": b"language: 1\nrules: []\n"}, pack())),
        _verify("E608", "归档：内容改过", "rules/x.yaml 里改了一个字", lambda: forged(pack(sign="<="), pack())),
        _verify("E609", "归档：清单与规则包的说法不同", "清单说是 9.0.0 版，pack.yaml 说是 1.0.0 版", lambda: forged(pack(), version="9.0.0")),
        _verify("E610", "归档：签名读不懂", "SIGNATURES.json 里是 {}", lambda: write_container([("MANIFEST.json", encode(make_manifest(pack(), "mou", "1.0.0", "", {"cn": ">=0"}, True))), ("SIGNATURES.json", b"{}"), *sorted(pack().items())])),
        Entry("E611", "归档：签名不合本单位的要求", f"# 信任名单 trust.yaml\n{TRUST}", ("pack install mou-1.0.0.jspack",), lambda folder: write({"home/trust.yaml": TRUST, "mou-1.0.0.jspack": built(pack())}, folder)),
        Entry("E612", "安装：比已安装的旧", "（归档 mou-1.0.0.jspack，完好，但已装了 1.1.0）", ("pack install mou-1.1.0.jspack", "pack install mou-1.0.0.jspack"), _older),
        Entry("E613", "安装：同一版本的另一份内容", "（两份归档都是 mou 1.0.0，规则不同）", ("pack install 一/mou-1.0.0.jspack", "pack install 二/mou-1.0.0.jspack"), _other_content),
        Entry("E614", "安装：已撤回的版本", "（索引里的 mou 1.0.0 已撤回）", ("pack index 架", "pack withdraw 架 mou@1.0.0 --reason 口径有误", "pack install mou@1.0.0 架"), lambda folder: write({"架/mou-1.0.0.jspack": built(pack())}, folder)),
        Entry("E615", "制作：用例没有通过", f"# cases/X01-1.yaml\n{FAILING}", ("pack build mou",), partial(write, {"mou/cases/X01-1.yaml": FAILING} | {f"mou/{name}": content for name, content in pack().items()})),
        Entry("E620", "来源：取不到或读不懂", "（index.json 里是 []）", ("pack install 架/index.json",), lambda folder: write({"架/index.json": "[]"}, folder)),
        Entry("E621", "来源：不许用", "（没有文件：地址不是 https）", ("pack install http://example.invalid/index.json",), files()),
        Entry("E630", "安装：缺少要用的包", "（规则包 mou 的上级包 cn-21-meiyou 哪里都没有）", ("pack install mou-1.0.0.jspack",), lambda folder: write({"mou-1.0.0.jspack": built(pack(parent="cn-21-meiyou"))}, folder)),
        Entry("E640", "锁定：与锁定文件不符", f"# juesuan.lock\n{LOCK}", ("eval 报告.txt --locked",), _with_lock),
    )


def other_files() -> tuple[Entry, ...]:
    """Mistakes in files beside packs; their codes are those of all YAML files."""
    return (
        Entry("", "豁免文件", BAD_WAIVERS, ("waivers check waivers.yaml",), files(waivers__yaml=BAD_WAIVERS)),
        Entry("", "更正文件", BAD_CORRECTIONS, ("eval 报告.txt --corrections 更正.yaml",), files(更正__yaml=BAD_CORRECTIONS, 报告__txt=REPORT)),
        Entry("", "信任名单", BAD_TRUST, ("pack trust",), files(home___trust__yaml=BAD_TRUST)),
        Entry("", "锁定文件", BAD_LOCK, ("lock --check",), files(juesuan__lock=BAD_LOCK)),
    )


def run(entry: Entry) -> str:
    """What the program says at the end, run in a new folder with a store of its own."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place).resolve()
        entry.make(folder)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("JUESUAN_")}
        environment = {**kept, "PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": "utf-8", "JUESUAN_HOME": "home", "JUESUAN_CACHE": str(folder / "cache"), "COLUMNS": "120"}
        said = ""
        for command in entry.commands:
            done = subprocess.run([sys.executable, "-m", "juesuan_rules", *command.split()], cwd=folder, env=environment, capture_output=True, check=False)
            said = (done.stdout + done.stderr).decode("utf-8").replace("\r\n", "\n")
        return said.replace(folder.as_posix() + "/", "").rstrip("\n")


@cache
def said_of_all() -> dict[str, str]:
    """What the program says of every entry, by code (of other files: by what they are)."""
    every = (*entries(), *other_files())
    with ThreadPoolExecutor(_WORKERS) as pool:
        return dict(zip((entry.code or entry.meaning for entry in every), pool.map(run, every), strict=True))
