"""The server: the page's files and one websocket for each viewer, on 127.0.0.1 only."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from time import thread_time
from typing import Final, Protocol

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from flowgraph.errors import FlowgraphError
from flowgraph.executor.blame import described
from flowgraph_tools.debug.guard import Guard, new_token
from flowgraph_tools.debug.mailbox import Mailbox
from flowgraph_tools.debug.protocol import LONGEST_BYTES, Message, pack, problem, unpack

PAGE: Final = Path(__file__).parent / "page"
TYPES: Final = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
BEAT_S: Final = 0.2
"""How often viewers are told how the run stands."""
BEAT_SHARE: Final = 0.01
"""The most of a core's time that this takes; of a graph with many nodes it is told less often."""

Publish = Callable[[str, Message], None]


class Backend(Protocol):
    """What the server serves: a live run, an engine in another program, or a trace."""

    def attach(self, publish: Publish | None) -> None:
        """Somebody watches from now on, and news go to `publish`; None: nobody watches."""
        ...

    def greeting(self) -> list[tuple[str, Message]]:
        """What a new viewer is told first."""
        ...

    def beat(self) -> None:
        """Publish how the run stands; called often while somebody watches."""
        ...

    def do(self, message: Message) -> Message:
        """Do what a viewer asks, on a thread of its own; may block.

        Raises:
            FlowgraphError: it can't be done.
            ValueError: the message makes no sense.
        """
        ...

    def close(self) -> None:
        """End everything."""
        ...


class DebugServer:
    """Listens on a port of 127.0.0.1 from the moment it is made; `serve` answers until `stop`."""

    def __init__(self, backend: Backend, port: int = 0) -> None:
        """Take the port; 0 is any free one.

        Raises:
            OSError: it is taken.
        """
        self._backend = backend
        self._boxes: list[Mailbox] = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", port))
        self._socket.listen()
        self.port: int = self._socket.getsockname()[1]
        self.token = new_token()
        app = Starlette(routes=[WebSocketRoute("/socket", self._talk), Route("/{file:path}", _file)])
        config = uvicorn.Config(
            Guard(app, self.token, self.port), log_level="critical", access_log=False, lifespan="off",
            ws="websockets-sansio", ws_max_size=LONGEST_BYTES, server_header=False, date_header=False,
            timeout_graceful_shutdown=1,
        )  # fmt: skip
        self._server = uvicorn.Server(config)
        self._beating: asyncio.Task[None] | None = None

    @property
    def address(self) -> str:
        """The page's address."""
        return f"http://127.0.0.1:{self.port}/{self.token}/"

    def serve(self) -> None:
        """Answer until `stop` is called or, on the main thread, ctrl-C comes."""
        with suppress(KeyboardInterrupt):
            self._server.run(sockets=[self._socket])
        self._socket.close()

    def stop(self) -> None:
        """Let `serve` return; any thread may call it."""
        self._server.should_exit = True

    def _publish(self, kind: str, message: Message) -> None:
        for box in tuple(self._boxes):
            box.put(kind, message)

    async def _talk(self, viewer: WebSocket) -> None:
        await viewer.accept()
        box = Mailbox()
        async with self._watching(box):
            for kind, message in self._backend.greeting():
                box.put(kind, message)
            sending = asyncio.create_task(_send(viewer, box))
            try:
                while True:
                    data = await viewer.receive_bytes()
                    asking = asyncio.create_task(self._answer(data, box))
                    asking.add_done_callback(lambda task: task.exception())
            except (WebSocketDisconnect, KeyError):
                pass  # it went away, or sent text, which no viewer does
            finally:
                sending.cancel()

    @asynccontextmanager
    async def _watching(self, box: Mailbox) -> AsyncGenerator[None]:
        self._boxes.append(box)
        if len(self._boxes) == 1:
            self._backend.attach(self._publish)
            self._beating = asyncio.create_task(self._beat())
        try:
            yield
        finally:
            self._boxes.remove(box)
            if not self._boxes:
                self._backend.attach(None)
                if self._beating is not None:
                    self._beating.cancel()

    async def _beat(self) -> None:
        while True:
            took = await asyncio.to_thread(_timed, self._backend.beat)
            await asyncio.sleep(max(BEAT_S, took / BEAT_SHARE))

    async def _answer(self, data: bytes, box: Mailbox) -> None:
        number: object = None
        try:
            message = unpack(data)
            number = message.get("id")
            found = await asyncio.to_thread(self._backend.do, message)
            box.put("reply", {**found, "is": "reply", "id": number})
        except FlowgraphError as error:
            box.put("reply", {"is": "reply", "id": number, "error": problem(error)})
        except Exception as error:  # whatever one question does must not end the talk
            told = {"message": f"this can't be told: {described(error)}", "hint": "", "place": {}}
            box.put("reply", {"is": "reply", "id": number, "error": told})


def _timed(act: Callable[[], None]) -> float:
    """The time of this thread that something took, in seconds."""
    began = thread_time()
    act()
    return thread_time() - began


async def _send(viewer: WebSocket, box: Mailbox) -> None:
    with suppress(WebSocketDisconnect, RuntimeError):
        while True:
            for message in await box.take():
                await viewer.send_bytes(pack(message))


async def _file(request: Request) -> Response:
    """One file of the page's folder, which is flat."""
    name = request.path_params["file"] or "index.html"
    path = PAGE / name
    if "/" in name or path.suffix not in TYPES or not path.is_file():
        return Response(status_code=404)
    return FileResponse(path, media_type=TYPES[path.suffix])
