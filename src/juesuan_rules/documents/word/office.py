"""LibreOffice, where it is installed, as the reader of last resort for old binary Word files.

It runs without a window, with a profile of its own in a folder that is removed afterwards, without
macros and links, and for a bounded time. Nothing here is required: without it `convert` gives None.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

SECONDS = 60
"""Longest time a conversion may take."""
_RESULT_BYTES = 64 * 1024 * 1024

_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def find_office() -> str | None:
    """The LibreOffice program; None where there is none, or JUESUAN_NO_OFFICE is set."""
    if os.environ.get("JUESUAN_NO_OFFICE"):
        return None
    return shutil.which("soffice") or shutil.which("libreoffice")


def convert(data: bytes, kind: str, filter_name: str) -> bytes | None:
    """The file `data` (suffix `kind`, read with LibreOffice's filter `filter_name`) as .docx; None where that fails."""
    program = find_office()
    if program is None:
        return None
    with tempfile.TemporaryDirectory(prefix="juesuan-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "profile" / "user").mkdir(parents=True)
        (folder / "profile" / "user" / "registrymodifications.xcu").write_text(_PROFILE, "utf-8")
        source, result = folder / f"in.{kind}", folder / "in.docx"
        source.write_bytes(data)
        command = [
            program, "--headless", "--norestore", "--nolockcheck", "--nodefault", f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            f"--infilter={filter_name}", "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder), str(source),
        ]  # fmt: skip
        if not _run(command, folder) or not result.is_file() or result.stat().st_size > _RESULT_BYTES:
            return None
        return result.read_bytes()


def _run(command: list[str], folder: Path) -> bool:
    """Whether the command ended by itself in time; otherwise it and all it started are ended."""
    environment = {**os.environ, "HOME": str(folder), "TMPDIR": str(folder)}
    try:
        process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=os.name == "posix"
        )
    except OSError:
        return False
    try:
        return process.wait(SECONDS) == 0
    except subprocess.TimeoutExpired:
        _end(process)
        return False


def _end(process: subprocess.Popen[bytes]) -> None:
    import signal

    try:
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    except OSError:
        pass
    process.wait()
