"""`eval --expr`: one expression tried on every report named."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from juesuan_rules.diagnostics import ExitCode, JuesuanError
from juesuan_rules.pipeline.options import Options


def try_on_files(text: str, files: Sequence[Path], options: Options) -> ExitCode:
    """Print what `text` comes to in each file; the exit code. "-" starts the prompt on the first file.

    A file that cannot be read stops nothing; the worst problem decides the code.
    """
    from juesuan_rules.authoring.trial.text import render_trial
    from juesuan_rules.authoring.trial.trying import try_expression
    from juesuan_rules.commands.errors import tell
    from juesuan_rules.pipeline.companions import load_companions
    from juesuan_rules.pipeline.load import load
    from juesuan_rules.renderings.plain import safe

    if text == "-":
        from juesuan_rules.commands.repl import converse

        return converse(files[0], options)
    codes: list[ExitCode] = []
    for path in files:
        try:
            loaded = load(path, options)
            beside = load_companions(loaded, options, None) if options.prior or options.units else None
        except JuesuanError as error:
            tell(error)
            codes.append(error.exit_code)
            continue
        trial = try_expression(text, loaded.report, beside.prior if beside else None, beside.units if beside else ())
        if len(files) > 1:
            sys.stdout.write(f"{safe(str(path))}\n")
        sys.stdout.write(render_trial(trial, options.list_all))
        codes.append(ExitCode.CLEAN if trial.sound else ExitCode.RULES_BROKEN)
    order = (ExitCode.USAGE, ExitCode.RULES_BROKEN, ExitCode.UNREADABLE, ExitCode.NOTHING_JUDGED, ExitCode.FINDINGS)
    return next((code for code in order if code in codes), ExitCode.CLEAN)

