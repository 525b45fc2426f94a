"""A tag of a git repository, read through the `git` program without ever checking anything out.

Only the objects of one commit are fetched into a bare repository of our own and read from there, so that no
hook, filter, submodule or link of the repository can do anything.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import msgspec

from juesuan_rules.store import limits
from juesuan_rules.store.entrynames import name_problem
from juesuan_rules.store.problems import failure, shown
from juesuan_rules.store.sources.addresses import check_url
from juesuan_rules.store.sources.model import Access, Offer

_REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./+-]{0,99}$")
_REPOSITORY_BYTES = 256 * limits.MEGABYTE
_ENTRY = re.compile(rb"(\d{6}) (\w+) ([0-9a-f]{40,64}) +(\d+|-)\t(.*)", re.DOTALL)
_SAFE = (
    "core.hooksPath=" + os.devnull, "core.fsmonitor=false", "core.symlinks=false", "core.askPass=", "credential.helper=",
    "protocol.allow=never", "submodule.recurse=false", "fetch.recurseSubmodules=false", "fetch.fsckObjects=true",
    "http.followRedirects=false", "gc.auto=0", "maintenance.auto=false", "uploadpack.packObjectsHook=",
)  # fmt: skip


class GitAddress(msgspec.Struct, frozen=True):
    """git+https://host/path@ref#subdirectory=folder, taken apart. url: without git+."""

    url: str
    ref: str
    folder: str = ""


def git_offers(address: str) -> tuple[Offer, ...]:
    """The pack of a tag: a folder with pack.yaml, or archives (then signatures stay). Raises PackError."""
    where = parse_address(address)
    files, commit = read_tag(where, address)
    origin = f"{address}（提交 {commit[:12]}）"
    archives = {name: data for name, data in files.items() if name.endswith(".jspack") and "/" not in name}
    if "pack.yaml" not in files and archives:
        from juesuan_rules.store.archive import open_archive

        manifests = {name: open_archive(data, f"{origin}!{name}").manifest for name, data in archives.items()}
        return tuple(Offer(m.id, m.version, f"{origin}!{name}", partial(archives.__getitem__, name), collection=True) for name, m in manifests.items())
    from juesuan_rules.store.build import archive_files

    built = archive_files(files, origin, tested=False)
    return (Offer(built.manifest.id, built.manifest.version, origin, lambda: built.data),)


def parse_address(address: str) -> GitAddress:
    """Take an address apart. Raises PackError where it is incomplete or unsafe."""
    body, _, fragment = address.removeprefix("git+").partition("#")
    url, at, ref = body.rpartition("@")
    hint = "写成 git+https://主机/仓库.git@标签，子目录用 #subdirectory=目录"
    if not at or "/" not in url.partition("://")[2] or not _REF.match(ref) or ".." in ref or ref.endswith((".lock", "/")):
        raise failure("E621", "git 来源要写明标签", address, hint)
    folder = (parse_qs(fragment).get("subdirectory") or [""])[0].strip("/")
    if (fragment and not folder) or (folder and name_problem(folder) is not None):
        raise failure("E621", f"子目录「{shown(fragment)}」写法不对", address, hint)
    if urlsplit(url).scheme == "https":
        check_url(url, Access())
    elif urlsplit(url).scheme != "file" or urlsplit(url).netloc not in ("", "localhost"):
        raise failure("E621", "git 来源只能是 git+https:// 或 git+file://", address, hint)
    return GitAddress(url, ref, folder)


def read_tag(where: GitAddress, address: str) -> tuple[dict[str, bytes], str]:
    """(content by path below the folder, commit) of a tag, bounded in size and time. Raises PackError."""
    program = shutil.which("git")
    if program is None:
        raise failure("E620", "没有找到 git 程序，取不了 git 来源", address, "请安装 git，或请对方给归档文件")
    with tempfile.TemporaryDirectory(prefix="juesuan-git-") as place:
        git = _Git(program, Path(place), address, time.monotonic() + limits.FETCH_SECONDS)
        git.run("init", "--quiet", "--bare", "--template=", ".")
        git.run(
            "fetch", "--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head", "--no-auto-maintenance",
            "--", where.url, f"{where.ref}:refs/juesuan/wanted",
        )  # fmt: skip
        commit = git.run("rev-parse", "--verify", "refs/juesuan/wanted^{commit}").decode().strip()
        tree = git.run("ls-tree", "-r", "-z", "--long", "--full-tree", commit, *([where.folder + "/"] if where.folder else []))
        return _read_tree(git, tree, where, address), commit


class _Git:
    """Runs `git` in one folder, with nothing of this user's settings and a common end of patience."""

    def __init__(self, program: str, folder: Path, address: str, until: float) -> None:
        self.program, self.folder, self.address, self.until = program, folder, address, until
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        self.environment = kept | {
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0", "GIT_ALLOW_PROTOCOL": "https:file",
            "GIT_ASKPASS": "", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C",
        }  # fmt: skip

    def run(self, *arguments: str, given: bytes = b"") -> bytes:
        """The output of a git command. Raises PackError where it fails, takes too long or too much room."""
        settings = [word for setting in (*_SAFE, "protocol.https.allow=always", "protocol.file.allow=always") for word in ("-c", setting)]
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors, tempfile.TemporaryFile() as source:
            source.write(given)
            source.seek(0)
            process = subprocess.Popen(  # no shell; a fixed program, its arguments checked
                [self.program, *settings, *arguments], cwd=self.folder, env=self.environment, stdin=source, stdout=out, stderr=errors
            )
            try:
                self._watch(process)
            finally:
                if process.poll() is None:
                    process.kill()
                    process.wait()
            if process.returncode:
                errors.seek(0)
                raise self._failure(errors.read(20_000).decode("utf-8", "replace"))
            out.seek(0)
            return out.read()

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        while True:
            try:
                process.wait(0.2)
                return
            except subprocess.TimeoutExpired:
                pass
            if time.monotonic() > self.until:
                raise failure("E620", f"「{shown(self.address)}」{limits.FETCH_SECONDS} 秒没有取完，已放弃", self.address)
            if sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file()) > _REPOSITORY_BYTES:
                raise failure("E602", f"「{shown(self.address)}」太大：超过 {_REPOSITORY_BYTES:,} 字节", self.address)

    def _failure(self, said: str) -> Exception:
        lines = [line for line in said.splitlines() if line.strip()]
        if "couldn't find remote ref" in said:
            return failure("E620", f"git 仓库里没有这个标签：「{shown(self.address)}」", self.address)
        return failure("E620", f"git 取不到「{shown(self.address)}」：{shown(lines[-1] if lines else '原因不明')}", self.address)


def _read_tree(git: _Git, listing: bytes, where: GitAddress, address: str) -> dict[str, bytes]:
    wanted: list[tuple[str, str, int]] = []
    for record in filter(None, listing.split(b"\0")):
        match = _ENTRY.fullmatch(record)
        if match is None:
            raise failure("E620", "git 的目录读不懂", address)
        mode, kind, digest, size, raw = match.groups()
        name = raw.decode("utf-8", "backslashreplace").removeprefix(where.folder + "/" if where.folder else "")
        if any(segment.startswith(".") for segment in name.split("/")):
            continue
        if mode not in (b"100644", b"100755") or kind != b"blob":
            raise failure("E604", f"仓库里的「{shown(name)}」是{'链接' if mode == b'120000' else '子模块'}；规则包里只放普通文件", address)
        wanted.append((name, digest.decode(), int(size)))
    if len(wanted) > limits.FILES or sum(size for _, _, size in wanted) > limits.UNPACKED_BYTES:
        raise failure("E602", f"仓库里的文件太多或太大（上限 {limits.FILES:,} 个、{limits.UNPACKED_BYTES:,} 字节）", address, "规则包在子目录里时，用 #subdirectory=目录")
    told = git.run("cat-file", "--batch", given="".join(f"{digest}\n" for _, digest, _ in wanted).encode())
    return _split(told, wanted)


def _split(told: bytes, wanted: list[tuple[str, str, int]]) -> dict[str, bytes]:
    """The contents that `cat-file --batch` gives one after another, each behind a line about it."""
    files: dict[str, bytes] = {}
    at = 0
    for name, _, size in wanted:
        start = told.index(b"\n", at) + 1
        files[name] = told[start : start + size]
        at = start + size + 1
    return files
