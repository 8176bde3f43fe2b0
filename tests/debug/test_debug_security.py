"""Who doesn't know the token, comes from elsewhere, or asks for a foreign host gets nothing at all."""

from __future__ import annotations

import socket
from collections.abc import Generator
from http.client import HTTPConnection

import pytest
from debug_graphs import Files, serving
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from flowgraph_tools.debug.protocol import unpack
from flowgraph_tools.debug.server import DebugServer
from flowgraph_tools.debug.session import Session


@pytest.fixture
def server(files: Files) -> Generator[DebugServer]:
    with serving(Session(files.target())) as server:
        yield server


def answer(server: DebugServer, path: str, headers: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
    connection = HTTPConnection("127.0.0.1", server.port)
    connection.request("GET", path.replace("TOKEN", server.token), headers=headers)
    response = connection.getresponse()
    found = response.status, response.read(), {name.lower(): value for name, value in response.getheaders()}
    connection.close()
    return found


def test_the_page_is_given_to_who_knows_the_token(server: DebugServer) -> None:
    status, body, headers = answer(server, "/TOKEN/", {})
    assert status == 200
    assert b"main.js" in body
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/", {}),
        ("/main.js", {}),
        ("/socket", {}),
        ("/wrong/", {}),
        ("/TOKEN", {}),
        ("/TOKENx/", {}),
        ("/TOKEN/", {"Host": "flowgraph.example"}),
        ("/TOKEN/", {"Host": "127.0.0.1"}),
        ("/TOKEN/", {"Host": "127.0.0.1:1"}),
        ("/TOKEN/main.js", {"Origin": "http://flowgraph.example"}),
        ("/TOKEN/main.js", {"Origin": "null"}),
        ("/TOKEN/main.js", {"Origin": "https://127.0.0.1"}),
        ("/TOKEN/../session.py", {}),
        ("/TOKEN/%2e%2e/session.py", {}),
        ("/TOKEN/..%2fsession.py", {}),
        ("/TOKEN/missing.js", {}),
    ],
)
def test_everybody_else_gets_nothing(server: DebugServer, path: str, headers: dict[str, str]) -> None:
    status, body, _ = answer(server, path, headers)
    assert (status, body) == (404, b"")


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("socket", {}),
        ("wrong/socket", {}),
        ("TOKEN/socket", {"Origin": "http://flowgraph.example"}),
        ("TOKEN/socket", {"Origin": "null"}),
        ("TOKEN/socket", {"Host": "flowgraph.example"}),
    ],
)
def test_a_foreign_websocket_is_not_opened(server: DebugServer, path: str, headers: dict[str, str]) -> None:
    host = headers.get("Host", f"127.0.0.1:{server.port}")
    address = f"ws://{host}/{path.replace('TOKEN', server.token)}"
    origin = {"Origin": headers["Origin"]} if "Origin" in headers else {}
    with (
        socket.create_connection(("127.0.0.1", server.port)) as sock,
        pytest.raises(InvalidStatus) as refused,
        connect(address, sock=sock, additional_headers=origin),
    ):
        raise AssertionError("it was opened")
    assert refused.value.response.status_code == 403
    assert not refused.value.response.body


def test_a_viewer_with_the_token_hears_of_the_graph(server: DebugServer) -> None:
    address = f"ws://127.0.0.1:{server.port}/{server.token}/socket"
    with connect(address, proxy=None, max_size=None) as viewer:
        message = unpack(viewer.recv(decode=False))
    assert message["is"] == "graph"
    assert message["title"] == "Levels"


def test_only_this_machine_is_listened_to(server: DebugServer) -> None:
    assert server.address == f"http://127.0.0.1:{server.port}/{server.token}/"
    assert len(server.token) >= 22
