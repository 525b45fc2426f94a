"""A command line that does nothing: as many typer commands as ours, and lark imported. The yardstick."""

from typing import Annotated

import lark
import typer

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
assert lark.__version__


@app.command("eval")
def evaluate(
    paths: list[str],
    pack: Annotated[str | None, typer.Option()] = None,
    region: Annotated[str | None, typer.Option()] = None,
    json: Annotated[str | None, typer.Option()] = None,
    list_all: bool = False,
    fail_on: str = "警告",
    max_undecided: Annotated[int | None, typer.Option()] = None,
    jobs: int = 1,
    no_cache: bool = False,
) -> None:
    """Nothing."""


@app.command()
def extract(paths: list[str], table: str = "", pack: str = "", region: str = "", json: str = "", no_cache: bool = False) -> None:
    """Nothing."""


@app.command()
def explain(rule: str, pack: str = "", region: str = "", year: int = 0, report: str = "", no_cache: bool = False) -> None:
    """Nothing."""


@app.command()
def check(target: str, pack: str = "", year: int = 0) -> None:
    """Nothing."""


@app.command("test")
def run_cases(pack: str, list_all: bool = False) -> None:
    """Nothing."""


if __name__ == "__main__":
    app()
