"""`serve`: the workbench in a browser, on this machine only."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from juesuan_rules.diagnostics import UsageError

if TYPE_CHECKING:
    from juesuan_rules.workbench.settings import Settings

_LIBRARIES = ("starlette", "uvicorn", "python_multipart")


def run(
    port: Annotated[int, typer.Option("--port", metavar="端口", help="用哪个端口；不写或写 0 则自动选一个空的")] = 0,
    home: Annotated[Path | None, typer.Option("--home", metavar="目录", help="工作台把文件、结果和意见存在哪里（默认在本人的用户目录下，别人读不到）")] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="不自动打开浏览器，只显示地址")] = False,
    packs: Annotated[list[Path] | None, typer.Option("--packs", metavar="目录", help="另从这个目录找规则包；可写几次")] = None,
    host: Annotated[str, typer.Option("--host", metavar="地址", help="在哪个地址上提供服务，默认只限本机；写别的地址须同时写 --expose")] = "127.0.0.1",
    expose: Annotated[bool, typer.Option("--expose", help="允许 --host 写本机以外的地址：同一网络的人凭地址里的令牌都能用，传输不加密")] = False,
) -> None:
    """Serve the workbench until Ctrl+C."""
    _check_libraries()
    from juesuan_rules.packs.roots import home_folder, pack_roots
    from juesuan_rules.workbench.server import LOOPBACK, serve
    from juesuan_rules.workbench.settings import Settings

    if not 0 <= port <= 65535:
        raise UsageError(f"--port「{port}」不对：须在 0 到 65535 之间")
    if host not in LOOPBACK:
        if not expose:
            raise UsageError(f"--host「{host}」不是本机地址：别人也能连上，且传输不加密。确要这样，请同时写 --expose")
        sys.stderr.write(f"注意：工作台在 {host} 上提供服务，传输不加密；知道完整地址的人都能看到和改动这里的全部内容。\n")
    folder = home
    if folder is None:
        own = home_folder()
        if own is None:
            raise UsageError("不知道把工作台的文件存在哪里：请用 --home 指定一个目录")
        folder = own / "workbench"
    settings = Settings(folder.absolute(), host, port, pack_roots=pack_roots(packs) if packs else None)

    def ready(now: Settings) -> None:
        print(f"工作台已启动，请在浏览器打开（完整地址，含令牌）：\n\n    {now.address}\n\n文件存在 {now.home}\n按 Ctrl+C 结束。", flush=True)
        if not no_browser:
            import webbrowser

            webbrowser.open(now.address)

    serve(settings, ready)
    print("工作台已结束；没有做完的核对下次启动时继续。")


def _check_libraries() -> None:
    from importlib.util import find_spec

    if any(find_spec(name) is None for name in _LIBRARIES):
        raise UsageError("没有安装工作台要用的库：请运行 pip install juesuan-rules[serve]")
