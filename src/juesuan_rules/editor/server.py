"""The server itself: the protocol's requests, each one call to a function of this package."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from juesuan_rules.diagnostics import JuesuanError
from juesuan_rules.editor.analysis import Analysis
from juesuan_rules.editor.colouring import LEGEND, semantic_tokens
from juesuan_rules.editor.completing import complete_expression
from juesuan_rules.editor.hovering import hover, signature_help
from juesuan_rules.editor.keys import complete_yaml
from juesuan_rules.editor.kinds import KIND_ZH
from juesuan_rules.editor.navigating import definition, references, symbols
from juesuan_rules.editor.problems import actions
from juesuan_rules.editor.renaming import prepare_rename, rename
from juesuan_rules.editor.resolving import read_expression
from juesuan_rules.editor.session import Session
from juesuan_rules.editor.spots import typed_at
from juesuan_rules.editor.texts import UTF8, UTF16, UTF32, edited, make_text

SECTION = "juesuan"
"""Name of our settings in the editor."""
TRIGGERS = [".", "[", "(", "{", "\"", "“", "「", ",", "，", "、", "：", " "]
_REPORT_WAIT = 1.5
"""Seconds a hover waits for the chosen report to be read."""
_FAILED = -32803
"""The protocol's RequestFailed."""

T = TypeVar("T")


class EditorServer(LanguageServer):
    """A language server with what it knows of the open files."""

    def __init__(self) -> None:
        from juesuan_rules import __version__

        super().__init__("juesuan-rules", __version__, max_workers=2)
        self.session = Session()
        self.analysis = Analysis(self.session, self.text_document_publish_diagnostics, self.note)
        self.opening: asyncio.Task[None] | None = None

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Something in a message could not be handled: noted, in the editor's log only."""
        self.note(f"有一条请求没有处理：{type(error).__name__}")

    def note(self, message: str) -> None:
        """A line in the editor's log."""
        self.window_log_message(types.LogMessageParams(types.MessageType.Warning, message))

    def path(self, uri: str) -> Path | None:
        """The file of a URI; None for what is no file."""
        found = to_fs_path(uri)
        return self.session.files.path(found) if found and uri.startswith("file:") else None

    def attempt(self, action: Callable[[], T], otherwise: T) -> T:
        """What an action gives; where it fails, `otherwise`, and a line in the editor's log."""
        try:
            return action()
        except JuesuanError as error:
            message = error.message
        except Exception as error:  # noqa: BLE001 - nothing in a half-typed file may end the server
            message = f"内部错误（{type(error).__name__}: {error}）"
        self.note(message)
        return otherwise


def make_server() -> EditorServer:
    """A server with all its features."""
    server = EditorServer()
    _lifecycle(server)
    _documents(server)
    _disk(server)
    _completion(server)
    _questions(server)
    _changes(server)
    return server


def serve() -> None:
    """Run on standard input and output until the editor ends it."""
    import logging

    logging.disable(logging.CRITICAL)
    sys.setswitchinterval(0.001)
    make_server().start_io()


def _lifecycle(server: EditorServer) -> None:
    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        offered = (params.capabilities.general.position_encodings if params.capabilities.general else None) or []
        names = [str(getattr(one, "value", one)) for one in offered]
        server.session.files.encoding = next((n for n in names if n in (UTF8, UTF16, UTF32)), UTF16)
        server.session.configure(params.initialization_options)

    @server.feature(types.INITIALIZED)
    async def initialized(params: types.InitializedParams) -> None:
        await _ask_settings(server)
        await _watch(server)

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def configured(params: types.DidChangeConfigurationParams) -> None:
        if isinstance(params.settings, dict) and params.settings:
            server.session.configure(params.settings)
        else:
            await _ask_settings(server)
        for path in list(server.session.files.open):
            server.analysis.changed(path)


async def _ask_settings(server: EditorServer) -> None:
    workspace = server.client_capabilities.workspace
    if workspace is None or not workspace.configuration:
        return
    with contextlib.suppress(Exception):  # an editor that cannot answer has no settings
        found = await server.workspace_configuration_async(types.ConfigurationParams([types.ConfigurationItem(section=SECTION)]))
        if found and isinstance(found[0], dict):
            server.session.configure(found[0])


async def _watch(server: EditorServer) -> None:
    """Ask the editor to tell of files that change on disk, where it can be asked."""
    workspace = server.client_capabilities.workspace
    watching = workspace.did_change_watched_files if workspace is not None else None
    if watching is None or not watching.dynamic_registration:
        return
    options = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher("**/*.{yaml,yml}")])
    registration = types.Registration("files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
    with contextlib.suppress(Exception):
        await server.client_register_capability_async(types.RegistrationParams([registration]))


def _documents(server: EditorServer) -> None:
    session, files = server.session, server.session.files

    def changed(path: Path) -> None:
        session.changed(path, files.kind(path))
        server.analysis.changed(path)

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: types.DidOpenTextDocumentParams) -> None:
        document = params.text_document
        path = server.path(document.uri)
        if path is not None:
            files.open[path] = make_text(str(path), document.text, document.version, files.encoding)
            files.uris[path] = document.uri
            server.attempt(lambda: changed(path), None)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def typed(params: types.DidChangeTextDocumentParams) -> None:
        path = server.path(params.text_document.uri)
        if path is not None and path in files.open:
            before = files.open[path]
            files.open[path] = edited(before, list(params.content_changes), params.text_document.version)
            if server.analysis.linter.found.get(path):
                server.analysis.linter.moved(path, before, files.open[path])
            server.attempt(lambda: changed(path), None)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: types.DidCloseTextDocumentParams) -> None:
        path = server.path(params.text_document.uri)
        if path is not None and files.open.pop(path, None) is not None:
            files.changed_on_disk(path)
            server.attempt(lambda: session.changed(path, files.kind(path)), None)
            server.attempt(lambda: server.analysis.closed(path), None)


def _disk(server: EditorServer) -> None:
    files = server.session.files

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(params: types.DidSaveTextDocumentParams) -> None:
        path = server.path(params.text_document.uri)
        if path is not None:
            files.changed_on_disk(path)

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def watched(params: types.DidChangeWatchedFilesParams) -> None:
        for change in params.changes:
            path = server.path(change.uri)
            if path is None or path in files.open:
                continue
            server.attempt(lambda path=path: _reread(server, path), None)  # type: ignore[misc]


def _reread(server: EditorServer, path: Path) -> None:
    """A file that is not open changed on disk."""
    server.session.files.changed_on_disk(path)
    server.session.changed(path, server.session.files.kind(path))
    if server.session.views_of(path):
        server.analysis.changed(path)


def _completion(server: EditorServer) -> None:
    session, files = server.session, server.session.files

    def complete(params: types.CompletionParams) -> types.CompletionList | None:
        path = server.path(params.text_document.uri)
        text = files.text(path) if path is not None else None
        kind = files.kind(path) if path is not None else ""
        if path is None or text is None or not kind:
            return None
        view = session.view(path)
        typed = typed_at(text.content, text.offset(params.position), kind)
        if typed.region is not None:
            return complete_expression(read_expression(typed.region, typed.map, view), typed.cursor, text)
        if typed.spot is None:
            return None
        return complete_yaml(typed.spot, typed.map, kind, view, text)

    @server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=TRIGGERS))
    def completion(params: types.CompletionParams) -> types.CompletionList | None:
        return server.attempt(lambda: complete(params), None)

    @server.feature(types.TEXT_DOCUMENT_SIGNATURE_HELP, types.SignatureHelpOptions(trigger_characters=["(", ",", "，"]))
    def signature(params: types.SignatureHelpParams) -> types.SignatureHelp | None:
        path = server.path(params.text_document.uri)
        return server.attempt(lambda: signature_help(session, path, params.position), None) if path is not None else None


def _questions(server: EditorServer) -> None:
    session, files = server.session, server.session.files

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hovered(params: types.HoverParams) -> types.Hover | None:
        path = server.path(params.text_document.uri)
        if path is None:
            return None
        if not session.figures.ready:
            if server.opening is None or server.opening.done():
                server.opening = asyncio.ensure_future(asyncio.to_thread(session.figures.open))
            await asyncio.wait([server.opening], timeout=_REPORT_WAIT)
        return server.attempt(lambda: hover(session, path, params.position), None)

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    def defined(params: types.DefinitionParams) -> list[types.Location] | None:
        path = server.path(params.text_document.uri)
        return server.attempt(lambda: definition(session, path, params.position), None) if path is not None else None

    @server.feature(types.TEXT_DOCUMENT_REFERENCES)
    def referred(params: types.ReferenceParams) -> list[types.Location] | None:
        path = server.path(params.text_document.uri)
        declared = params.context.include_declaration
        return server.attempt(lambda: references(session, path, params.position, declared), None) if path is not None else None

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def outlined(params: types.DocumentSymbolParams) -> list[types.DocumentSymbol] | None:
        path = server.path(params.text_document.uri)

        def answer() -> list[types.DocumentSymbol] | None:
            text = files.text(path) if path is not None else None
            map_ = files.map(path, files.kind(path)) if path is not None else None
            return symbols(map_, text) if map_ is not None and text is not None and map_.kind else None

        return server.attempt(answer, None)

    def tokens(uri: str, where: types.Range | None) -> types.SemanticTokens | None:
        path = server.path(uri)
        text = files.text(path) if path is not None else None
        map_ = files.map(path, files.kind(path)) if path is not None else None
        if path is None or text is None or map_ is None:
            return None
        if where is None:
            return semantic_tokens(map_, text, session.view(path))
        return semantic_tokens(map_, text, session.view(path), text.offset(where.start), text.offset(where.end))

    @server.feature(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, LEGEND)
    def coloured(params: types.SemanticTokensParams) -> types.SemanticTokens | None:
        return server.attempt(lambda: tokens(params.text_document.uri, None), None)

    @server.feature(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE, LEGEND)
    def coloured_partly(params: types.SemanticTokensRangeParams) -> types.SemanticTokens | None:
        return server.attempt(lambda: tokens(params.text_document.uri, params.range), None)


def _changes(server: EditorServer) -> None:
    session, files = server.session, server.session.files

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions([types.CodeActionKind.QuickFix]))
    def fixes(params: types.CodeActionParams) -> list[types.CodeAction] | None:
        path = server.path(params.text_document.uri)
        text = files.text(path) if path is not None else None
        return server.attempt(lambda: actions(params.text_document.uri, text, params.context.diagnostics), None) if text is not None else None

    @server.feature(types.TEXT_DOCUMENT_FORMATTING)
    def formatted(params: types.DocumentFormattingParams) -> list[types.TextEdit] | None:
        path = server.path(params.text_document.uri)
        return _format(server, path) if path is not None else None

    @server.feature(types.TEXT_DOCUMENT_PREPARE_RENAME)
    def can_rename(params: types.PrepareRenameParams) -> types.PrepareRenamePlaceholder | None:
        path = server.path(params.text_document.uri)
        found = server.attempt(lambda: prepare_rename(session, path, params.position), None) if path is not None else None
        return types.PrepareRenamePlaceholder(*found) if found is not None else None

    @server.feature(types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True))
    def renamed(params: types.RenameParams) -> types.WorkspaceEdit | None:
        path = server.path(params.text_document.uri)
        if path is None:
            return None
        try:
            return rename(session, path, params.position, params.new_name, _renames_files(server))
        except JuesuanError as error:
            raise JsonRpcException(error.message, _FAILED) from None


def _renames_files(server: EditorServer) -> bool:
    workspace = server.client_capabilities.workspace
    told = workspace.workspace_edit if workspace is not None else None
    return told is not None and bool(told.document_changes) and types.ResourceOperationKind.Rename in (told.resource_operations or ())


def _format(server: EditorServer, path: Path) -> list[types.TextEdit] | None:
    """The whole file in canonical spelling; a file with errors stays as it is, and the editor is told."""
    text = server.session.files.text(path)
    if text is None or server.session.files.kind(path) not in KIND_ZH:
        return None
    try:
        from juesuan_rules.authoring.formatting.files import format_text
    except ImportError:
        raise JsonRpcException("这个版本没有整理格式的功能", _FAILED) from None
    made = server.attempt(lambda: format_text(text.content, text.name), None)
    if not isinstance(made, str):
        why = made[0].message if made else "内部错误"
        raise JsonRpcException(f"没有整理：{why}", _FAILED)
    return [types.TextEdit(text.range(0, len(text.content)), made)] if made != text.content else []
