"""Verifying a dossier: is everything as it was written, and does the same come out again."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec

from juesuan_rules.diagnostics import ExitCode, JuesuanError
from juesuan_rules.dossiers.model import INPUTS, LOCK, PACKS, RECORD, RESULT, InputFile, Record, Role, read_record
from juesuan_rules.dossiers.running import Given, Ran, run_given
from juesuan_rules.findings import OUTCOME_ZH

_MOST_DIFFERENCES = 20
_MOST_SEARCHED = 20_000

Mark = Literal["一致", "不同", "缺少", "说明"]


class Line(msgspec.Struct, frozen=True):
    """One thing that was looked at."""

    mark: Mark
    text: str


class Verification(msgspec.Struct, frozen=True):
    """What verifying found. same: nothing was altered and the same verdicts come out. code: 0 the same, 1 something differs,
    3 the packs cannot be had, 4 a report cannot be had or read."""

    lines: tuple[Line, ...]
    same: bool
    code: ExitCode


def verify_dossier(folder: Path, searched: Sequence[Path] = ()) -> Verification:
    """Look at every file of the dossier, then run it again. searched: folders or files where reports that were not copied
    may lie; they are known by their digests. Raises UsageError where `folder` is no dossier."""
    record = read_record(folder)
    lines = list(_check_files(folder, record))
    with tempfile.TemporaryDirectory(prefix="juesuan-verify-") as place:
        work = Path(place)
        missing = list(_lay_out(folder, record, searched, work))
        lines += missing
        if any(line.mark == "缺少" for line in missing):
            return _close(lines, ExitCode.UNREADABLE)
        try:
            roots = _locked_roots(folder, work)
        except JuesuanError as error:
            told = "；".join(dict.fromkeys([error.message, *[d.message for d in error.diagnostics]]))
            return _close([*lines, Line("缺少", f"规则包：{told}")], ExitCode.RULES_BROKEN)
        lines.append(Line("一致", "规则包与锁定文件一致"))
        try:
            ran = run_given(_given(record, work), record.asked, roots, ())
        except JuesuanError as error:
            return _close([*lines, Line("不同", f"重新核对没有做成：{error.message}")], ExitCode.UNREADABLE)
        lines += _compare(folder, record, ran)
    return _close(lines, ExitCode.CLEAN)


def _close(lines: Sequence[Line], code: ExitCode) -> Verification:
    differs = any(line.mark == "不同" for line in lines)
    same = not differs and code == ExitCode.CLEAN
    return Verification(tuple(lines), same, ExitCode.FINDINGS if differs and code == ExitCode.CLEAN else code)


def _check_files(folder: Path, record: Record) -> Iterator[Line]:
    """Is every file of the dossier as it was written; is anything in it that was not."""
    listed = {one.path: (one.sha256, one.size) for one in record.files}
    listed |= {f"{INPUTS}/{one.role}/{one.name}": (one.sha256, one.size) for one in record.inputs if one.kept}
    wrong = 0
    for name, (digest, size) in listed.items():
        path = folder / name
        if not path.is_file() or path.is_symlink():
            wrong += 1
            yield Line("不同", f"{name} 不见了" if not path.is_symlink() else f"{name} 成了链接")
        elif path.stat().st_size != size or _digest(path) != digest:
            wrong += 1
            yield Line("不同", f"{name} 被改动过")
    extra = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.relative_to(folder).as_posix() not in {*listed, RECORD}]
    for path in extra[:_MOST_DIFFERENCES]:
        yield Line("说明", f"{path.relative_to(folder).as_posix()} 不是这次运行写的")
    if not wrong:
        yield Line("一致", f"目录里的 {len(listed)} 个文件都没有改动")


def _lay_out(folder: Path, record: Record, searched: Sequence[Path], work: Path) -> Iterator[Line]:
    """Put every input under `work/ROLE/NAME`, from the dossier or from wherever a file of its digest lies."""
    wanted = {one.sha256 for one in record.inputs}
    sizes = {one.size for one in record.inputs}
    elsewhere: dict[str, Path] | None = None
    found = 0
    for one in record.inputs:
        kept = folder / INPUTS / one.role / one.name
        source = kept if one.kept and kept.is_file() and _digest(kept) == one.sha256 else None
        if source is None:
            if elsewhere is None:
                elsewhere = _search(searched, wanted, sizes)
            source = elsewhere.get(one.sha256)
        if source is None:
            yield Line("缺少", f"{_what(one)}「{one.name}」（sha256:{one.sha256}）；用 --reports 指明它在哪个目录")
            continue
        target = work / one.role / one.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        found += 1
    if found:
        yield Line("一致", f"找到 {found} 个输入文件，摘要相符")


def _search(places: Sequence[Path], wanted: set[str], sizes: set[int]) -> dict[str, Path]:
    """Files by digest, of those whose size is one of those sought."""
    found: dict[str, Path] = {}
    seen = 0
    for place in places:
        for path in [place] if place.is_file() else sorted(place.rglob("*")):
            if not path.is_file():
                continue
            seen += 1
            if seen > _MOST_SEARCHED:
                return found
            if path.stat().st_size in sizes and (digest := _digest(path)) in wanted:
                found.setdefault(digest, path)
    return found


def _what(one: InputFile) -> str:
    names: dict[Role, str] = {"report": "报告", "prior": "上年报告", "units": "所属单位报告", "corrections": "更正文件", "waivers": "豁免文件", "decisions": "复核意见"}
    return names[one.role]


def _given(record: Record, work: Path) -> Given:
    def paths(role: Role) -> tuple[Path, ...]:
        return tuple(work / role / one.name for one in record.of(role))

    prior, corrections = paths("prior"), paths("corrections")
    return Given(
        reports=paths("report"),
        prior=(work / "prior" if record.asked.prior_folder else prior[0]) if prior else None,
        units=work / "units" if record.of("units") else None,
        corrections=corrections[0] if corrections else None,
        waivers=paths("waivers"),
        decisions=paths("decisions"),
    )


def _locked_roots(folder: Path, work: Path) -> tuple[Path, ...]:
    """Folders of exactly the locked packs: this machine's own, else those kept in the dossier, through the gate that every
    archive passes. Raises PackError."""
    from juesuan_rules.packs.roots import pack_roots
    from juesuan_rules.store.install import admit
    from juesuan_rules.store.local import Incoming, Records, Store
    from juesuan_rules.store.lock import every_folder, locked_roots, read_lock
    from juesuan_rules.store.policy import load_policy
    from juesuan_rules.store.problems import PackError

    lock = read_lock(folder / LOCK)
    own = every_folder(pack_roots())
    try:
        return locked_roots(lock, own)
    except PackError:
        archives = sorted((folder / PACKS).glob("*.jspack"))
        if not archives:
            raise
    policy = load_policy(allow_older=True)
    store = Store(work / "store")
    admitted = [Incoming(admit(path.read_bytes(), path.name, policy, Records())) for path in archives]
    with store.changing():
        records = store.add(admitted)
    return locked_roots(lock, (*own, *[store.folder(one) for one in records]))


def _compare(folder: Path, record: Record, ran: Ran) -> Iterator[Line]:
    from juesuan_rules.pipeline.provenance import canonical_digest

    digest = ran.sealed["provenance"]["canonical_digest"]
    stored = _stored(folder)
    if stored is not None and canonical_digest(stored) != record.canonical_digest:
        yield Line("不同", f"{RESULT} 与运行记录里的结果摘要不符")
        stored = None
    if digest == record.canonical_digest:
        yield Line("一致", f"重新核对的结果完全相同（{digest}）")
        return
    if ran.sealed["tool"] != record.tool:
        yield Line("说明", f"程序版本不同：当时 {_version(record.tool)}，现在 {_version(ran.sealed['tool'])}")
    if stored is None:
        yield Line("不同", f"重新核对的结果不同：当时 {record.canonical_digest}，现在 {digest}")
        return
    differences = list(_differences(stored, ran.sealed))
    if not differences:
        yield Line("一致", "重新核对的每一项结论都相同")
        return
    yield from (Line("不同", text) for text in differences[:_MOST_DIFFERENCES])
    if len(differences) > _MOST_DIFFERENCES:
        yield Line("不同", f"还有 {len(differences) - _MOST_DIFFERENCES} 处不同")


def _stored(folder: Path) -> dict[str, Any] | None:
    try:
        value = json.loads((folder / RESULT).read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) and isinstance(value.get("reports"), list) else None


_SAYS = ("outcome", "severity", "left", "right", "difference", "tolerance", "sentence", "reason")


def _differences(old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    """Verdicts that are not the same, by report; a file that gives a result now and did not, or the other way round."""
    before, after = (Counter(_base(report["source"]["path"]) for report in side["reports"]) for side in (old, new))
    yield from (f"{name}：现在没有结果" for name in before - after)
    yield from (f"{name}：当时没有结果" for name in after - before)
    for was, now in zip(old["reports"], new["reports"], strict=False):
        if was["source"]["sha256"] != now["source"]["sha256"]:
            continue
        name = _base(was["source"]["path"])
        sides = [Counter((f["rule"], f["check"], f["key"], json.dumps([f.get(key) for key in _SAYS], ensure_ascii=False)) for f in side["findings"]) for side in (was, now)]
        for (rule, _, key, said), _ in [*(sides[0] - sides[1]).items()]:
            yield f"{name}：{rule} {key} 当时{OUTCOME_ZH.get(json.loads(said)[0], '')}，现在不是这样"
        for (rule, _, key, said), _ in [*(sides[1] - sides[0]).items()]:
            yield f"{name}：{rule} {key} 现在{OUTCOME_ZH.get(json.loads(said)[0], '')}，当时不是这样"


def _version(tool: dict[str, Any]) -> str:
    return f"{tool.get('name')} {tool.get('version')}"


def _base(path: str) -> str:
    return path.replace("\\", "/").rsplit("/", 1)[-1]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
