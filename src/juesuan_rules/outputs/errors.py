"""An output that cannot be made for a report."""

from __future__ import annotations

from juesuan_rules.diagnostics import ExitCode, JuesuanError


class OutputUnavailable(JuesuanError):
    """This output does not exist for this report (a marked PDF of a text file): told, and the others are written."""

    exit_code = ExitCode.USAGE
