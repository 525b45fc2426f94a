"""Every output asked for, from one evaluation: files of one report, or of a batch with its matrix."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

import msgspec

from juesuan_rules.diagnostics import JuesuanError, UsageError
from juesuan_rules.material import Material, Subject
from juesuan_rules.outputs.errors import OutputUnavailable
from juesuan_rules.outputs.files import file_stems, write_whole

PER_REPORT = ("html", "xlsx", "pdf", "docx")
"""Outputs that show a report itself: these need it as read, not only its verdicts."""
OF_A_RUN = ("sarif", "junit", "csv", "md")
"""Outputs that list verdicts, of one report or of many, in one file."""
SUMMARY = "汇总"
STDOUT = "-"


class Output(msgspec.Struct, frozen=True):
    """An output asked for: its kind (html, xlsx, pdf, docx, sarif, junit, csv, md) and the file or folder it goes to; "-"
    is standard output, for text."""

    kind: str
    target: str

    @property
    def shows_a_report(self) -> bool:
        """Whether it is made from the report as read, not from its verdicts alone."""
        return self.kind in PER_REPORT

    @property
    def into_folder(self) -> bool:
        """Whether a folder is meant: one file per report goes into it."""
        return self.target != STDOUT and (self.target.endswith(("/", "\\")) or Path(self.target).is_dir())


class Written(msgspec.Struct, frozen=True):
    """What became of the outputs. files: those written. unavailable: why one could not be made, a sentence each.
    text: what goes to standard output, or None."""

    files: tuple[Path, ...] = ()
    unavailable: tuple[str, ...] = ()
    text: bytes | None = None


def check_outputs(outputs: Sequence[Output], files: Sequence[Path], as_one: bool = False) -> None:
    """Raise UsageError, before any work, for outputs that could not be written as asked. files: those to be judged, which
    nothing is written over. as_one: they are one report."""
    if sum(output.target == STDOUT for output in outputs) > 1:
        raise UsageError("写到标准输出（-）的只能有一种")
    for output in outputs:
        if output.target == STDOUT:
            if output.kind in PER_REPORT:
                raise UsageError(f"--{output.kind} 要写到文件，不能写到标准输出")
            continue
        if output.into_folder:
            if output.kind in OF_A_RUN:
                raise UsageError(f"--{output.kind}「{output.target}」是目录：要写一个文件名")
            _check_folder(Path(output.target))
            continue
        if output.kind in ("pdf", "docx") and len(files) > 1 and not as_one:
            raise UsageError(f"共 {len(files)} 份报告，--{output.kind} 每份各写一个文件：请给一个目录，如 --{output.kind} 结果/")
    inputs = {_real(path) for path in files}
    targets: set[str] = set()
    for output in outputs:
        if output.target == STDOUT or output.into_folder:
            continue
        target = _real(Path(output.target))
        if target in inputs:
            raise UsageError(f"「{output.target}」是要核对的报告，--{output.kind} 不能写在它上面：请换一个文件名")
        if target in targets:
            raise UsageError(f"两种结果不能写到同一个文件「{output.target}」")
        targets.add(target)


def _check_folder(folder: Path) -> None:
    """Raise UsageError for a folder that could not be made, or not be written to."""
    there = next((one for one in (folder, *folder.absolute().parents) if one.exists()), folder)
    if not there.is_dir():
        raise UsageError(f"结果写不到「{folder}」：「{there}」是文件，不是目录")
    if not os.access(there, os.W_OK):
        raise UsageError(f"结果写不到「{folder}」：没有写权限")


def _real(path: Path) -> str:
    """A file by the one name that all its paths lead to."""
    return os.path.normcase(os.path.realpath(path))


def write_outputs(outputs: Sequence[Output], material: Material, progress: Callable[[str], None] | None = None) -> Written:
    """Write all of them. What cannot be made for a report is told and the others are written; what cannot be written
    (no permission, no room) is a UsageError, and a defect of ours raised, after all others were tried."""
    text: bytes | None = None
    done = _Done()
    for output in outputs:
        if output.kind in OF_A_RUN:
            if output.target == STDOUT:
                text = _render(output.kind, material)
            else:
                done.attempt(Path(output.target), partial(_write_of_run, output, material))
    for target, make in _jobs([o for o in outputs if o.kind in PER_REPORT], material):
        if progress is not None:
            progress(target.name)
        done.attempt(target, make)
    if done.defect is not None:
        raise done.defect
    if done.broken:
        raise UsageError("\n".join([*done.unavailable, *done.broken]))
    return Written(tuple(done.files), tuple(done.unavailable), text)


class _Done:
    """What became of the outputs so far."""

    def __init__(self) -> None:
        self.files: list[Path] = []
        self.unavailable: list[str] = []
        self.broken: list[str] = []
        self.defect: Exception | None = None

    def attempt(self, target: Path, make: Callable[[], None]) -> None:
        """Write one; whatever happens, the next can be tried."""
        try:
            make()
            self.files.append(target)
        except OutputUnavailable as error:
            self.unavailable.append(f"没有写「{target}」：{error.message}")
        except JuesuanError as error:
            self.broken.append(error.message)
        except OSError as error:
            self.broken.append(f"结果写不到「{target}」：{error.strerror or '系统报告写入失败'}")
        except Exception as error:  # noqa: BLE001 (raised after all others were tried)
            self.defect = self.defect or error


def _write_of_run(output: Output, material: Material) -> None:
    write_whole(Path(output.target), _render(output.kind, material))


def _jobs(outputs: Sequence[Output], material: Material) -> Iterator[tuple[Path, Callable[[], None]]]:
    """What is to be written, report by report, so that no two reports are held at a time."""
    reports = material.run.reports
    single = len(reports) == 1 and not material.run.failures
    stems = _stems(outputs, material)
    for output in outputs:
        if output.into_folder:
            with suppress(OSError):  # told when the first file cannot be written
                Path(output.target).mkdir(parents=True, exist_ok=True)
    for at, stem in enumerate(stems):
        wanted = [output for output in outputs if output.into_folder or single]
        if not wanted:
            break
        subject, why = _subject(material, at)
        for output in wanted:
            target = Path(output.target) / f"{stem}.{output.kind}" if output.into_folder else Path(output.target)
            yield target, _of_report(output.kind, subject, material, target) if subject is not None else partial(_refuse, why)
        subject = None
    for output in outputs:
        if single or output.kind not in ("html", "xlsx"):
            continue
        target = Path(output.target) / f"{SUMMARY}.{output.kind}" if output.into_folder else Path(output.target)
        links = [f"{stem}.html" for stem in stems] if output.into_folder and output.kind == "html" else None
        yield target, _of_batch(output.kind, material, target, links)


def _stems(outputs: Sequence[Output], material: Material) -> list[str]:
    """The name of each report's files: none of them a report that was judged, none the summary's."""
    run = material.run
    sources = [report.source.path for report in run.reports]
    inputs = {_real(Path(path)) for path in (*sources, *[part.path for report in run.reports for part in report.parts], *[failure.path for failure in run.failures], *[path for path, _ in run.repeated])}
    folders = [output for output in outputs if output.into_folder]

    def refused(stem: str) -> bool:
        return stem == SUMMARY or any(_real(Path(output.target) / f"{stem}.{output.kind}") in inputs for output in folders)

    return file_stems(sources, refused)


def _subject(material: Material, at: int) -> tuple[Subject | None, str]:
    """A report of the run, or why it is no longer to be had: of a batch every report is read again."""
    try:
        return material.subject(at), ""
    except JuesuanError as error:
        return None, f"再读这份报告时出错：{error.message}"


def _refuse(why: str) -> None:
    raise OutputUnavailable(why)


def _of_report(kind: str, subject: Subject, material: Material, target: Path) -> Callable[[], None]:
    def make() -> None:
        if kind == "html":
            from juesuan_rules.outputs.web.page import write_page

            write_page(subject, material, target)
        elif kind == "xlsx":
            from juesuan_rules.outputs.workbook.workbook import write_workbook

            write_workbook(subject, material, target)
        elif kind == "pdf":
            from juesuan_rules.outputs.annotated.annotate import write_annotated

            write_annotated(subject, material, target)
        else:
            from juesuan_rules.outputs.notice.notice import render_notice

            write_whole(target, render_notice(subject, material))

    return make


def _of_batch(kind: str, material: Material, target: Path, links: Sequence[str] | None) -> Callable[[], None]:
    def make() -> None:
        if kind == "html":
            from juesuan_rules.outputs.matrix.page import render_matrix_page

            write_whole(target, render_matrix_page(material, links).encode())
        else:
            from juesuan_rules.outputs.matrix.workbook import write_matrix_workbook

            write_matrix_workbook(material, target)

    return make


def _render(kind: str, material: Material) -> bytes:
    if kind == "sarif":
        from juesuan_rules.outputs.sarif import render_sarif

        return render_sarif(material).encode()
    if kind == "junit":
        from juesuan_rules.outputs.junit import render_junit

        return render_junit(material).encode()
    if kind == "csv":
        from juesuan_rules.outputs.delimited import render_csv

        return render_csv(material)
    from juesuan_rules.outputs.markdown import render_markdown

    return render_markdown(material).encode()
