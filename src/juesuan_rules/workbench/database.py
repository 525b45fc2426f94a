"""What the workbench remembers: files, runs, reports, decisions, corrections, waivers. One SQLite file, written at once.

Every change is one transaction that is on the disk when the call returns (`synchronous=FULL`): a killed server loses nothing
that a page has shown as saved.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from juesuan_rules.diagnostics import UsageError

VERSION = 1
QUEUED, RUNNING, DONE, INTERRUPTED, CANCELLED = "queued", "running", "done", "interrupted", "cancelled"
WAITING, FAILED = "waiting", "failed"
MOST_ATTEMPTS = 2
"""A run that was cut off twice is not begun a third time by itself: what it reads may be what ends the server."""

_SCHEMA = """
CREATE TABLE run (
  id TEXT PRIMARY KEY, title TEXT NOT NULL, created TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
  options TEXT NOT NULL DEFAULT '{}', finished TEXT
);
CREATE TABLE report (
  run TEXT NOT NULL REFERENCES run(id) ON DELETE CASCADE, position INTEGER NOT NULL, name TEXT NOT NULL, files TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting', message TEXT NOT NULL DEFAULT '', summary TEXT NOT NULL DEFAULT '{}', edition INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (run, position)
);
CREATE TABLE correction (
  id INTEGER PRIMARY KEY, run TEXT NOT NULL REFERENCES run(id) ON DELETE CASCADE, position INTEGER NOT NULL,
  entry TEXT NOT NULL, created TEXT NOT NULL, effect TEXT
);
CREATE TABLE memory (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE decision (
  id INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL, entry TEXT NOT NULL, created TEXT NOT NULL
);
CREATE INDEX decision_of ON decision (fingerprint, id);
CREATE TABLE waiver (id INTEGER PRIMARY KEY, entry TEXT NOT NULL, created TEXT NOT NULL, withdrawn TEXT);
CREATE TABLE rule (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, text TEXT NOT NULL, changed TEXT NOT NULL);
"""


class RunRow(msgspec.Struct, frozen=True):
    """A run: some reports judged together. options: what the person chose (pack, region, as_one)."""

    id: str
    title: str
    created: str
    state: str
    attempts: int
    options: dict[str, Any]
    finished: str | None


class ReportRow(msgspec.Struct, frozen=True):
    """A report of a run. files: paths below the home folder, several where they are one report. edition: counts how often it
    was judged, so that an old page never shows a new picture."""

    run: str
    position: int
    name: str
    files: tuple[str, ...]
    state: str
    message: str
    summary: dict[str, Any]
    edition: int


class Entry(msgspec.Struct, frozen=True):
    """A correction, decision or waiver as a person gave it, with its number. effect: of a correction, what it changed in
    the findings, None until the report was judged with it. withdrawn: of a waiver, when it was taken back."""

    id: int
    entry: dict[str, Any]
    created: str
    effect: dict[str, Any] | None = None
    withdrawn: str | None = None


class Database:
    """The workbench's memory. Safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self.marks = 0
        """Grows with every decision and waiver: what was made with another number is out of date."""
        try:
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=10)
            self._db.row_factory = sqlite3.Row
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            self._db.execute("PRAGMA foreign_keys=ON")
            self._open()
        except sqlite3.Error as error:
            raise UsageError(f"工作台的数据文件「{path}」打不开：{error}；移走它可以重新开始") from None

    def _open(self) -> None:
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise UsageError("工作台的数据是更新版本的程序写的，请升级程序")
        if version == 0:
            with self.changing():
                for statement in _SCHEMA.split(";"):
                    if statement.strip():
                        self._db.execute(statement)
                self._db.execute(f"PRAGMA user_version = {VERSION}")

    @contextlib.contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it is kept, or nothing."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _all(self, question: str, *values: Any) -> list[sqlite3.Row]:
        with self._lock:
            return self._db.execute(question, values).fetchall()

    def close(self) -> None:
        """End the connection."""
        with self._lock:
            self._db.close()

    def add_run(self, run_id: str, title: str, options: dict[str, Any], reports: list[tuple[str, tuple[str, ...]]]) -> None:
        """A new run, queued, with its reports: (name, files)."""
        with self.changing() as db:
            db.execute("INSERT INTO run (id, title, created, state, options) VALUES (?, ?, ?, ?, ?)", (run_id, title, _now(), QUEUED, _dump(options)))
            rows = [(run_id, at, name, _dump(list(files))) for at, (name, files) in enumerate(reports)]
            db.executemany("INSERT INTO report (run, position, name, files) VALUES (?, ?, ?, ?)", rows)

    def runs(self) -> list[RunRow]:
        """Every run, the newest first."""
        return [_run(row) for row in self._all("SELECT * FROM run ORDER BY created DESC, rowid DESC")]

    def run(self, run_id: str) -> RunRow | None:
        """One run, or None."""
        return next((_run(row) for row in self._all("SELECT * FROM run WHERE id = ?", run_id)), None)

    def every_report(self) -> dict[str, list[ReportRow]]:
        """The reports of all runs, by run."""
        found: dict[str, list[ReportRow]] = {}
        for row in self._all("SELECT * FROM report ORDER BY run, position"):
            found.setdefault(row["run"], []).append(_report(row))
        return found

    def reports(self, run_id: str) -> list[ReportRow]:
        """The reports of a run, in their order."""
        return [_report(row) for row in self._all("SELECT * FROM report WHERE run = ? ORDER BY position", run_id)]

    def report(self, run_id: str, position: int) -> ReportRow | None:
        """One report of a run, or None."""
        return next((_report(row) for row in self._all("SELECT * FROM report WHERE run = ? AND position = ?", run_id, position)), None)

    def begin(self, run_id: str) -> bool:
        """Begin a queued run, which counts as an attempt; whether it still was queued."""
        with self.changing() as db:
            return db.execute("UPDATE run SET state = ?, attempts = attempts + 1, finished = NULL WHERE id = ? AND state = ?", (RUNNING, run_id, QUEUED)).rowcount > 0

    def finish(self, run_id: str) -> None:
        """A run that came to its end."""
        with self.changing() as db:
            db.execute("UPDATE run SET state = ?, finished = ? WHERE id = ? AND state = ?", (DONE, _now(), run_id, RUNNING))

    def set_run_state(self, run_id: str, state: str) -> None:
        """Move a run on."""
        finished = _now() if state in (DONE, INTERRUPTED, CANCELLED) else None
        with self.changing() as db:
            db.execute("UPDATE run SET state = ?, finished = ? WHERE id = ?", (state, finished, run_id))

    def set_options(self, run_id: str, options: dict[str, Any]) -> None:
        """Change what was chosen for a run."""
        with self.changing() as db:
            db.execute("UPDATE run SET options = ? WHERE id = ?", (_dump(options), run_id))

    def set_report(self, run_id: str, position: int, state: str, message: str = "", summary: dict[str, Any] | None = None) -> None:
        """What became of a report; each time it is judged is an edition of its own."""
        with self.changing() as db:
            db.execute(
                "UPDATE report SET state = ?, message = ?, summary = ?, edition = edition + 1 WHERE run = ? AND position = ?",
                (state, message, _dump(summary or {}), run_id, position),
            )

    def set_summary(self, run_id: str, position: int, summary: dict[str, Any]) -> None:
        """What lists show of a report whose findings were decided on or waived: no new edition."""
        with self.changing() as db:
            db.execute("UPDATE report SET summary = ? WHERE run = ? AND position = ?", (_dump(summary), run_id, position))

    def wait(self, run_id: str, position: int) -> None:
        """Let a report be judged anew."""
        with self.changing() as db:
            db.execute("UPDATE report SET state = ? WHERE run = ? AND position = ?", (WAITING, run_id, position))

    def put_back(self, run_id: str) -> None:
        """A run the server left off by being ended: it goes on at the next start, and that counts as no attempt."""
        with self.changing() as db:
            db.execute("UPDATE run SET state = ?, attempts = attempts - 1 WHERE id = ? AND state = ?", (QUEUED, run_id, RUNNING))

    def next_queued(self) -> RunRow | None:
        """The run that has waited longest, or None."""
        return next((_run(row) for row in self._all("SELECT * FROM run WHERE state = ? ORDER BY created, rowid LIMIT 1", QUEUED)), None)

    def recover(self) -> tuple[str, ...]:
        """After a start: runs that were cut off go on where they stopped, or are marked as interrupted where that happened
        twice. Gives the ids of the latter."""
        given_up = []
        with self.changing() as db:
            for row in db.execute("SELECT id, attempts FROM run WHERE state = ?", (RUNNING,)).fetchall():
                again = row["attempts"] < MOST_ATTEMPTS
                db.execute("UPDATE run SET state = ?, finished = ? WHERE id = ?", (QUEUED if again else INTERRUPTED, None if again else _now(), row["id"]))
                given_up += [] if again else [row["id"]]
            # A report that was being judged anew, with a correction on record, is not forgotten either.
            db.execute("UPDATE run SET state = ? WHERE state = ? AND id IN (SELECT run FROM report WHERE state = ?)", (QUEUED, DONE, WAITING))
        return tuple(given_up)

    def requeue(self, run_id: str) -> None:
        """Let an interrupted or cancelled run go on; attempts are counted afresh."""
        with self.changing() as db:
            db.execute("UPDATE run SET state = ?, attempts = 0, finished = NULL WHERE id = ? AND state IN (?, ?)", (QUEUED, run_id, INTERRUPTED, CANCELLED))

    def begin_anew(self, run_id: str, options: dict[str, Any]) -> None:
        """Let every report of a run wait again, with other options; the run does not begin by this."""
        with self.changing() as db:
            db.execute("UPDATE run SET options = ?, state = ? WHERE id = ?", (_dump(options), CANCELLED, run_id))
            db.execute("UPDATE report SET state = ?, message = '' WHERE run = ?", (WAITING, run_id))

    def rename(self, run_id: str, title: str) -> None:
        """Give a run another title."""
        with self.changing() as db:
            db.execute("UPDATE run SET title = ? WHERE id = ?", (title, run_id))

    def delete_run(self, run_id: str) -> None:
        """Forget a run, its reports and corrections; decisions and waivers stay."""
        with self.changing() as db:
            db.execute("DELETE FROM run WHERE id = ?", (run_id,))

    def files_in_use(self) -> set[str]:
        """Every file that some run needs."""
        return {name for row in self._all("SELECT files FROM report") for name in json.loads(row["files"])}

    def add_correction(self, run_id: str, position: int, entry: dict[str, Any], instead: tuple[int, ...] = ()) -> int:
        """Record a correction of a report, which waits to be judged with it; its number. instead: earlier ones it replaces."""
        with self.changing() as db:
            db.executemany("DELETE FROM correction WHERE id = ? AND run = ? AND position = ?", [(number, run_id, position) for number in instead])
            made = db.execute("INSERT INTO correction (run, position, entry, created) VALUES (?, ?, ?, ?)", (run_id, position, _dump(entry), _now()))
            db.execute("UPDATE report SET state = ? WHERE run = ? AND position = ?", (WAITING, run_id, position))
            return int(made.lastrowid or 0)

    def set_effect(self, number: int, effect: dict[str, Any]) -> None:
        """What a correction changed in the findings."""
        with self.changing() as db:
            db.execute("UPDATE correction SET effect = ? WHERE id = ?", (_dump(effect), number))

    def corrections(self, run_id: str, position: int) -> list[Entry]:
        """The corrections of a report, the oldest first."""
        return [_entry(row) for row in self._all("SELECT * FROM correction WHERE run = ? AND position = ? ORDER BY id", run_id, position)]

    def delete_correction(self, run_id: str, position: int, number: int) -> bool:
        """Take a correction of a report back, which waits to be judged without it; whether there was one."""
        with self.changing() as db:
            gone = db.execute("DELETE FROM correction WHERE id = ? AND run = ? AND position = ?", (number, run_id, position)).rowcount > 0
            if gone:
                db.execute("UPDATE report SET state = ? WHERE run = ? AND position = ?", (WAITING, run_id, position))
            return gone

    def add_decision(self, fingerprint: str, entry: dict[str, Any]) -> int:
        """Record a decision on a finding; earlier ones on it stay as its history."""
        with self.changing() as db:
            self.marks += 1
            made = db.execute("INSERT INTO decision (fingerprint, entry, created) VALUES (?, ?, ?)", (fingerprint, _dump(entry), _now()))
            return int(made.lastrowid or 0)

    def decisions(self) -> list[Entry]:
        """The decision in force on every finding: the last one made."""
        return [_entry(row) for row in self._all("SELECT * FROM decision WHERE id IN (SELECT max(id) FROM decision GROUP BY fingerprint) ORDER BY id")]

    def decision_history(self, fingerprint: str) -> list[Entry]:
        """Every decision on one finding, the oldest first."""
        return [_entry(row) for row in self._all("SELECT * FROM decision WHERE fingerprint = ? ORDER BY id", fingerprint)]

    def add_waiver(self, entry: dict[str, Any]) -> int:
        """Record a waiver; its number. One for the same rule, unit, year and place is withdrawn: the new one is in its stead."""
        same = [one.id for one in self.waivers() if all(one.entry.get(key) == entry.get(key) for key in ("rule", "unit", "year", "place"))]
        with self.changing() as db:
            self.marks += 1
            db.executemany("UPDATE waiver SET withdrawn = ? WHERE id = ?", [(_now(), number) for number in same])
            return int(db.execute("INSERT INTO waiver (entry, created) VALUES (?, ?)", (_dump(entry), _now())).lastrowid or 0)

    def waivers(self) -> list[Entry]:
        """The waivers that are not withdrawn."""
        return [_entry(row) for row in self._all("SELECT * FROM waiver WHERE withdrawn IS NULL ORDER BY id")]

    def every_waiver(self) -> list[Entry]:
        """All waivers on record."""
        return [_entry(row) for row in self._all("SELECT * FROM waiver ORDER BY id")]

    def withdraw_waiver(self, number: int) -> Entry | None:
        """Let a waiver count no more; it stays on record. The waiver, None where there is none."""
        with self.changing() as db:
            self.marks += 1
            db.execute("UPDATE waiver SET withdrawn = ? WHERE id = ? AND withdrawn IS NULL", (_now(), number))
        return next((one for one in self.every_waiver() if one.id == number), None)

    def remember(self, name: str, value: str) -> None:
        """Keep something a person should not have to type again."""
        with self.changing() as db:
            db.execute("INSERT INTO memory (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (name, value))

    def remembered(self, name: str) -> str:
        """What was kept, "" where nothing was."""
        return next((str(row["value"]) for row in self._all("SELECT value FROM memory WHERE name = ?", name)), "")

    def forget_all(self) -> None:
        """Delete everything on record."""
        with self.changing() as db:
            self.marks += 1
            for table in ("correction", "report", "run", "decision", "waiver", "rule", "memory"):
                db.execute(f"DELETE FROM {table}")

    def save_rule(self, name: str, text: str) -> None:
        """Keep the text of a rule that is being written."""
        with self.changing() as db:
            db.execute(
                "INSERT INTO rule (name, text, changed) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET text = excluded.text, changed = excluded.changed",
                (name, text, _now()),
            )

    def rules(self) -> dict[str, str]:
        """The rules being written: text by name."""
        return {row["name"]: row["text"] for row in self._all("SELECT name, text FROM rule ORDER BY name")}

    def delete_rule(self, name: str) -> None:
        """Forget a rule that was being written."""
        with self.changing() as db:
            db.execute("DELETE FROM rule WHERE name = ?", (name,))


def _run(row: sqlite3.Row) -> RunRow:
    return RunRow(row["id"], row["title"], row["created"], row["state"], row["attempts"], json.loads(row["options"]), row["finished"])


def _report(row: sqlite3.Row) -> ReportRow:
    files = tuple(json.loads(row["files"]))
    return ReportRow(row["run"], row["position"], row["name"], files, row["state"], row["message"], json.loads(row["summary"]), row["edition"])


def _entry(row: sqlite3.Row) -> Entry:
    known = row.keys()
    effect = json.loads(row["effect"]) if "effect" in known and row["effect"] else None
    return Entry(row["id"], json.loads(row["entry"]), row["created"], effect, row["withdrawn"] if "withdrawn" in known else None)


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="milliseconds")
