"""The server's side of a connection: one that sends the first lines of a request too slowly, or not at all, is closed."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

_LATE = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
MOST_HEAD = 32 * 1024
"""Bytes of request line and headers."""


def bounded_protocol(seconds: float) -> type[H11Protocol]:
    """The protocol with that many seconds for the head of a request, counted from the connection or the answer before it."""

    class BoundedProtocol(H11Protocol):
        _deadline: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._expect_head()

        def connection_lost(self, exc: Exception | None) -> None:
            self._stop_waiting()
            super().connection_lost(exc)

        def handle_events(self) -> None:
            super().handle_events()
            if self._in_request:
                self._stop_waiting()

        def on_response_complete(self) -> None:
            super().on_response_complete()
            if not self._in_request and not self.transport.is_closing():
                self._expect_head()

        @property
        def _in_request(self) -> bool:
            cycle: RequestResponseCycle | None = self.cycle
            return cycle is not None and not cycle.response_complete

        def _expect_head(self) -> None:
            self._stop_waiting()
            self._deadline = self.loop.call_later(seconds, self._give_up)

        def _stop_waiting(self) -> None:
            if self._deadline is not None:
                self._deadline.cancel()
                self._deadline = None

        def _give_up(self) -> None:
            if not self._in_request and not self.transport.is_closing():
                self.transport.write(_LATE)
                self.transport.close()

    return BoundedProtocol
