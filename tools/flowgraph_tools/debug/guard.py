"""Who gets anything at all: a browser on this machine that knows the token, asking for this very address.

A page of another origin may send requests to 127.0.0.1, and a foreign name may be made to lead there (DNS
rebinding). Such a request names a foreign origin or host, and gets the answer of a server that has nothing.
"""

from __future__ import annotations

import secrets
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

HEADERS: Final = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
     b" img-src 'self' blob: data:; connect-src 'self'; base-uri 'none'; form-action 'none';"
     b" frame-ancestors 'none'"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)  # fmt: skip
"""The page loads nothing from elsewhere, is framed by nobody, and its address is told to nobody."""


def new_token() -> str:
    """128 random bits for an address."""
    return secrets.token_urlsafe(16)


class Guard:
    """Lets a request through when its path begins with the token and it names no foreign host or origin."""

    def __init__(self, app: ASGIApp, token: str, port: int) -> None:
        self._app = app
        self._token = token
        self._hosts = (f"127.0.0.1:{port}", f"localhost:{port}")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            return
        if not self._welcome(scope):
            await _nothing(scope, send)
            return

        async def send_with_headers(message: dict[str, object]) -> None:
            if message["type"] == "http.response.start":
                given = message.get("headers", ())
                message["headers"] = [*(given if isinstance(given, list) else ()), *HEADERS]
            await send(message)

        inner = {**scope, "root_path": "", "path": scope["path"][len(self._token) + 1 :]}
        await self._app(inner, receive, send_with_headers)  # type: ignore[arg-type] # a message is a mapping

    def _welcome(self, scope: Scope) -> bool:
        names = [name for name, _ in scope["headers"]]
        if names.count(b"host") != 1 or names.count(b"origin") > 1:
            return False
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        host = headers[b"host"]
        # A viewer that is no browser sends no origin; a browser always does when it opens a websocket.
        origin = headers.get(b"origin", f"http://{host}")
        given, slash, _ = scope["path"].removeprefix("/").partition("/")
        known = secrets.compare_digest(given.encode(), self._token.encode())
        return known and bool(slash) and host in self._hosts and origin == f"http://{host}"


async def _nothing(scope: Scope, send: Send) -> None:
    """Say that there is nothing, and nothing else."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    await send({"type": "http.response.start", "status": 404, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})
