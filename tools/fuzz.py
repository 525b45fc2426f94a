"""Mutation fuzzing of the readers: small good files, damaged in every way, each read in a bounded child.

    python tools/fuzz.py READER [--minutes 10] [--seed N] [--keep FOLDER] [--file REPORT ...]
    python tools/fuzz.py --list

READER is one of the names `--list` shows, or `all` (one after the other). A reader may refuse a file with DocumentError,
and nothing else: any other exception, more than 10 seconds or more than a gigabyte of memory is a find, and its input is
kept below FOLDER (fuzz-finds). --file adds files of one's own to the seeds. Exit code 1 where something was found.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import logging
import multiprocessing
import os
import random
import sys
import time
import traceback
import zipfile
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from fuzz_seeds import SEEDS, packed

SECONDS = 10.0
PATIENCE = 120.0
MEMORY = 1024 * 1024 * 1024
LARGEST = 2 * 1024 * 1024
TOKENS = (
    b"\x00", b"\xff\xff\xff\xff", b"\x00\x00\x00\x80", b"99999999999", b"-1", b"<", b">", b"&#x10ffff;", b"<td colspan=99999>", b"<!DOCTYPE x [<!ENTITY a 'b'>]>&a;",
    b"endobj", b"stream\n", b"/Kids [1 0 R]", b"/Length 999999999", b"/Rotate 45", b"PK\x03\x04", b"PK\x05\x06", "决算".encode(), "决算".encode("gbk"), b"\t", b"\n",
)  # fmt: skip


def damage(data: bytes, pick: random.Random, others: list[bytes]) -> bytes:
    """A damaged file; of an archive mostly one of its entries, packed again so that it is reached at all."""
    if data.startswith(b"PK") and pick.random() < 0.8:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        name = pick.choice(list(files))
        files[name] = mutate(files[name], pick, [*files.values()])
        return packed(files, zipfile.ZIP_STORED)
    return mutate(data, pick, others)


def mutate(data: bytes, pick: random.Random, others: list[bytes]) -> bytes:
    """The file with one to four accidents: cut, flipped, spliced, repeated, dropped, or with a token put in."""
    for _ in range(pick.choice((1, 1, 2, 3, 4))):
        data = pick.choice(_ACCIDENTS)(data or b"\x00", pick, others)
    return data[:LARGEST]


def _cut(data: bytes, pick: random.Random, others: list[bytes]) -> bytes:
    return data[: pick.randrange(len(data) + 1)]


def _flip(data: bytes, pick: random.Random, others: list[bytes]) -> bytes:
    changed = bytearray(data)
    for _ in range(pick.choice((1, 2, 8, 32))):
        at = pick.randrange(len(changed))
        changed[at] = pick.choice((changed[at] ^ 1 << pick.randrange(8), 0, 255, pick.randrange(256)))
    return bytes(changed)


def _splice(data: bytes, pick: random.Random, others: list[bytes]) -> bytes:
    other = pick.choice(others)
    start = pick.randrange(len(other) + 1)
    at = pick.randrange(len(data) + 1)
    return data[:at] + other[start : start + pick.choice((4, 64, 1024, len(other)))] + data[at:]


def _repeat(data: bytes, pick: random.Random, others: list[bytes]) -> bytes:
    start = pick.randrange(len(data))
    piece = data[start : start + pick.choice((1, 4, 32, 512))]
    return data[:start] + piece * pick.choice((2, 3, 50, 2000)) + data[start:]


def _drop(data: bytes, pick: random.Random, others: list[bytes]) -> bytes:
    start = pick.randrange(len(data))
    return data[:start] + data[start + pick.choice((1, 4, 64, 1024)) :]


def _token(data: bytes, pick: random.Random, others: list[bytes]) -> bytes:
    at = pick.randrange(len(data) + 1)
    token = pick.choice(TOKENS)
    return data[:at] + token * pick.choice((1, 1, 1, 100)) + data[at + pick.choice((0, len(token))) :]


def _number(data: bytes, pick: random.Random, others: list[bytes]) -> bytes:
    """A little-endian number somewhere becomes an extreme one: lengths and offsets."""
    size = pick.choice((1, 2, 4, 8))
    at = pick.randrange(len(data))
    value = pick.choice((0, 1, (1 << 8 * size) - 1, 1 << (8 * size - 1), len(data) % (1 << 8 * size)))
    return data[:at] + value.to_bytes(size, "little") + data[at + size :]


_ACCIDENTS: tuple[Callable[[bytes, random.Random, list[bytes]], bytes], ...] = (_cut, _flip, _flip, _splice, _repeat, _drop, _token, _number, _number)


def inputs(reader: str, seed: int, more: list[bytes]) -> Iterator[bytes]:
    """Damaged files without end, always the same ones for the same seed."""
    pick = random.Random(seed)
    seeds = [*SEEDS[reader](), *more]
    yield from seeds
    while True:
        yield damage(pick.choice(seeds), pick, seeds)


def read(reader: str, data: bytes) -> str:
    """Read a file as the program would; "" where all is well, else what went wrong."""
    from juesuan_rules.diagnostics import JuesuanError
    from juesuan_rules.documents.open import read_bytes
    from juesuan_rules.pipeline.load import build_report
    from juesuan_rules.reports.identity import identify

    try:
        document = read_bytes(data, f"坏.{reader}")
        build_report(document, identify(document, None), _layout())
    except JuesuanError:
        return ""
    except BaseException as error:  # noqa: BLE001 - whatever comes is what is looked for
        return "".join(traceback.format_exception(error))
    return ""


def _layout() -> object:
    global _KNOWN
    if _KNOWN is None:
        from juesuan_rules.packs.load import load_pack
        from juesuan_rules.resources import rules_root

        _KNOWN = load_pack("cn", 2023, (rules_root(),)).layout
    return _KNOWN


_KNOWN: object = None


class Child:
    """A process that reads what it is sent, with a bound on memory; it is replaced when it dies or stalls."""

    def __init__(self, reader: str) -> None:
        self.reader = reader
        self._start()

    def _start(self) -> None:
        here, there = multiprocessing.get_context("spawn").Pipe()
        self.process = multiprocessing.get_context("spawn").Process(target=_serve, args=(self.reader, there), daemon=True)
        self.process.start()
        there.close()
        self.pipe: Connection = here
        self.pipe.recv()

    def ask(self, data: bytes) -> str:
        """What is wrong with how the file was read, or ""."""
        try:
            begun, spent = time.monotonic(), self._processor_seconds()
            self.pipe.send_bytes(data)
            while not self.pipe.poll(SECONDS / 10):
                waited = time.monotonic() - begun
                if waited > SECONDS and (waited > PATIENCE or self._processor_seconds() - spent > SECONDS):
                    break
            else:
                return str(self.pipe.recv())
            said = f"没有在 {SECONDS:.0f} 秒内读完"
        except (EOFError, OSError):
            self.process.join(5)
            said = f"进程中止（{self.process.exitcode}）"
        self.close()
        self._start()
        return said

    def _processor_seconds(self) -> float:
        """What the process has computed so far: on a busy machine it may only have waited."""
        try:
            fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        except OSError:
            return time.monotonic()

    def close(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


def quiet() -> None:
    """Only our own code is on trial: no other program is called for help, and libraries do not talk."""
    os.environ["PATH"] = ""
    logging.disable(logging.CRITICAL)


def _serve(reader: str, pipe: Connection) -> None:
    quiet()
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY) if reader != "image" else (4 * MEMORY, 4 * MEMORY))
    except ImportError:
        pass  # no such bound on this system
    _layout()
    pipe.send("")
    while True:
        data = pipe.recv_bytes()
        said = read(reader, data)
        try:
            pipe.send(said)
        except OSError:
            return  # nobody is waiting any more


def fuzz(reader: str, minutes: float, seed: int, keep: Path, more: list[bytes]) -> int:
    """Damage files of one format for so long; how many finds."""
    finds: dict[str, int] = {}
    child = Child(reader)
    begun = told = time.monotonic()
    count = 0
    for data in inputs(reader, seed, more):
        said = child.ask(data)
        count += 1
        if said:
            last = said.rstrip().rsplit("\n", 1)[-1] + "".join(line for line in said.split("\n") if "juesuan_rules" in line)[-200:]
            finds[last] = finds.get(last, 0) + 1
            if finds[last] == 1:
                keep.mkdir(parents=True, exist_ok=True)
                name = f"{reader}-{hashlib.sha256(data).hexdigest()[:12]}"
                (keep / name).write_bytes(data)
                (keep / f"{name}.txt").write_text(said, encoding="utf-8")
                print(f"{reader}: {last[:300]}\n  -> {keep / name}", flush=True)
        now = time.monotonic()
        if now - told > 60:
            told = now
            print(f"{reader}: {count:,} 份，{(now - begun) / 60:.1f} 分钟，{len(finds)} 种问题", flush=True)
        if now - begun > minutes * 60:
            break
    child.close()
    print(f"{reader}: 共 {count:,} 份，{len(finds)} 种问题", flush=True)
    return len(finds)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reader", nargs="?", default="all", choices=[*SEEDS, "all"])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path("fuzz-finds"))
    parser.add_argument("--file", type=Path, action="append", default=[])
    parser.add_argument("--list", action="store_true")
    asked = parser.parse_args()
    if asked.list:
        print("\n".join(SEEDS))
        return 0
    names = list(SEEDS) if asked.reader == "all" else [asked.reader]
    more = [path.read_bytes() for path in asked.file]
    return 1 if sum(fuzz(name, asked.minutes, asked.seed, asked.keep, more) for name in names) else 0


if __name__ == "__main__":
    sys.exit(main())
