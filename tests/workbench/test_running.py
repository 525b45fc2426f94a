"""Runs that are cut off: by a worker that dies or hangs, by a person, by the end of the server."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.workbench.serving import DAMAGED, SOUND, Server, alive, text_of, until

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="进程要从 /proc 里看")


def copies(count: int) -> list[tuple[str, bytes]]:
    """Reports that differ."""
    text = DAMAGED.read_bytes()
    return [(f"第{number}份.txt", text + b"\n" * number) for number in range(count)]


def halt_at(server: Server, run: str, done: int) -> int:
    """Stop the worker in the middle of a report, once so many are done; its process."""
    until(lambda: server.state(run)["done"] >= done or None, 60)
    worker = until(server.workers)[0]
    os.kill(worker, signal.SIGSTOP)
    return worker


def rows(server: Server, question: str, *values: Any) -> list[tuple[Any, ...]]:
    with sqlite3.connect(server.home / "workbench.sqlite3") as db:
        return db.execute(question, values).fetchall()


def test_a_worker_that_dies_costs_its_report_only(serving: Callable[..., Server]) -> None:
    server = serving()
    run = server.upload(*copies(4))
    worker = halt_at(server, run, 1)
    os.kill(worker, signal.SIGKILL)
    told = server.wait(run)
    assert (told["done"], told["failed"]) == (3, 1)
    page = text_of(server.client.get(f"/run/{run}"))
    assert "读取进程意外结束" in page and "重试" in page
    failed = rows(server, "SELECT position FROM report WHERE run = ? AND state = 'failed'", run)[0][0]
    assert "读取进程意外结束" in text_of(server.client.get(f"/run/{run}/{failed}"))
    server.client.post(f"/run/{run}/{failed}/retry")
    until(lambda: server.state(run)["done"] == 4, 60)


def test_a_report_that_takes_too_long_is_given_up(serving: Callable[..., Server]) -> None:
    server = serving(read=8.0)
    run = server.upload(*copies(3))
    halt_at(server, run, 1)
    told = server.wait(run)
    assert (told["done"], told["failed"]) == (2, 1)
    assert "超过 8 秒没有做完" in text_of(server.client.get(f"/run/{run}"))


def test_stopping_and_going_on(serving: Callable[..., Server]) -> None:
    server = serving()
    run = server.upload(*copies(3))
    halt_at(server, run, 1)
    began = time.monotonic()
    page = text_of(server.client.post(f"/run/{run}/cancel"))
    assert "已停止" in text_of(server.client.get("/")) and "继续" in page and time.monotonic() - began < 5
    assert server.state(run)["state"] == "cancelled"
    other = server.judged(SOUND)  # the queue goes on
    assert server.state(other)["done"] == 1 and server.state(run)["done"] < 3
    server.client.post(f"/run/{run}/resume")
    assert server.wait(run)["done"] == 3


def test_a_killed_server_loses_nothing_and_goes_on(serving: Callable[..., Server]) -> None:
    server = serving()
    run = server.upload(*copies(4))
    worker = halt_at(server, run, 1)
    fingerprint = server.fingerprint(run)
    decided = server.client.post(f"/run/{run}/0/decide", data={"fingerprint": fingerprint, "status": "属实", "by": "审核员甲", "note": "已与单位核实"}, follow_redirects=False)
    assert decided.status_code == 303
    corrected = server.client.post(f"/run/{run}/0/correct", data={"at": "f1o1", "edition": edition(server, run), **RIGHT}, follow_redirects=False)
    assert corrected.status_code == 303, text_of(corrected)
    waived = server.client.post(
        f"/run/{run}/0/waive", data={"fingerprint": server.fingerprint(run, 0, 5), "reason": "核实", "approver": "处长", "expires": "2099-12-31", "place": "全部", "difference": "不限"}
    )
    assert waived.status_code == 200
    done = {row[0]: row[1] for row in rows(server, "SELECT position, edition FROM report WHERE run = ? AND state = 'done'", run)}
    workers = server.workers()
    server.kill()
    os.kill(worker, signal.SIGCONT)
    until(lambda: not any(alive(one) for one in workers), 30)

    server.start()
    assert server.wait(run) == {**server.state(run), "done": 4, "failed": 0}
    after = {row[0]: row[1] for row in rows(server, "SELECT position, edition FROM report WHERE run = ?", run)}
    assert {position: after[position] for position in done} == done, "已核对完的不再核对"
    page = text_of(server.client.get(f"/run/{run}/0/corrections"))
    assert "1,966.23" in page and "1,966.32" in page and "消除 2 项" in page
    marks = text_of(server.client.get("/marks"))
    assert "审核员甲" in marks and "已与单位核实" in marks and "处长" in marks


RIGHT = {"right": "1,966.32", "who": "审核员甲", "why": "原件如此"}


def edition(server: Server, run: str) -> str:
    return str(rows(server, "SELECT edition FROM report WHERE run = ? AND position = 0", run)[0][0])


def test_a_run_cut_off_twice_waits_for_a_person(serving: Callable[..., Server]) -> None:
    server = serving()
    run = server.upload(*copies(3))
    for _ in range(2):
        until(lambda: server.state(run)["state"] == "running", 60)
        worker = halt_at(server, run, 0)
        server.kill()
        os.kill(worker, signal.SIGKILL)
        server.start()
    told = server.state(run)
    assert told["state"] == "interrupted"
    assert "两次被意外打断" in text_of(server.client.get(f"/run/{run}"))
    assert server.judged(SOUND)
    server.client.post(f"/run/{run}/resume")
    assert server.wait(run)["done"] == 3


def test_ending_properly_is_no_interruption(serving: Callable[..., Server]) -> None:
    server = serving()
    run = server.upload(*copies(3))
    for _ in range(3):
        until(lambda: server.state(run)["state"] == "running" or server.state(run)["done"], 60)
        until(server.workers, 30)
        workers = server.workers()
        assert server.stop() == 0
        assert not any(alive(one) for one in workers)
        assert not (server.home / "server.json").exists()
        server.start()
    assert server.wait(run)["done"] == 3


def test_a_correction_on_record_is_judged_after_a_kill(serving: Callable[..., Server]) -> None:
    """Killed between recording a correction and judging with it: the next start does that."""
    server = serving()
    run = server.judged(DAMAGED)
    server.client.get(f"/run/{run}/0")
    server.kill()
    entry = {"文件": DAMAGED.name, "表": "收入支出决算总表", "行": "一般公共服务支出", "栏": "金额", "印作": "1,966.23", "应为": "1,966.32", "更正人": "甲", "理由": "核实"}
    with sqlite3.connect(server.home / "workbench.sqlite3") as db:
        db.execute("INSERT INTO correction (run, position, entry, created) VALUES (?, 0, ?, '2026-01-01')", (run, json.dumps(entry)))
        db.execute("UPDATE report SET state = 'waiting' WHERE run = ?", (run,))
    server.start()
    assert server.wait(run)["done"] == 1
    assert "1,966.23 万元，支出表" not in server.client.get(f"/run/{run}/0").text


def test_deleting_leaves_no_files(serving: Callable[..., Server]) -> None:
    server = serving()
    run, other = server.judged(DAMAGED, SOUND), server.judged(DAMAGED)
    server.client.get(f"/run/{run}/0/get/xlsx")
    server.client.post(f"/run/{run}/delete")
    kept = [path.name for path in (server.home / "files").rglob("*") if path.is_file()]
    assert kept == [DAMAGED.name] and not (server.home / "runs" / run).exists()
    assert server.client.get(f"/run/{run}").status_code == 404 and server.client.get(f"/run/{other}/0").status_code == 200
    assert server.client.post("/about/delete", data={"sure": "删"}).status_code == 400
    assert server.client.post("/about/delete", data={"sure": "全部删除"}).status_code == 200
    assert not [path for path in (server.home / "files").rglob("*") if path.is_file()] and not list((server.home / "runs").iterdir())
    assert "还没有" in text_of(server.client.get("/"))


def test_a_result_that_is_gone_can_be_made_again(serving: Callable[..., Server]) -> None:
    server = serving()
    run = server.judged(DAMAGED)
    for path in (server.home / "runs" / run / "results").rglob("*.bin"):
        path.write_bytes(b"juesuan-cache-1\n" + b"x" * 100)
    server.kill()
    server.start()
    assert "结果不在了" in text_of(server.client.get(f"/run/{run}/0"))
    server.client.post(f"/run/{run}/0/retry")
    until(lambda: "结果不在了" not in text_of(server.client.get(f"/run/{run}/0")), 60)
    assert server.client.get(f"/run/{run}/0?f=1").status_code == 200
