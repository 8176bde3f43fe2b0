"""The programs in examples/ do what they say, and leave nothing behind."""

from __future__ import annotations

import asyncio
import runpy
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.request import urlopen

import cv2
import numpy as np
import pytest
import uvicorn
from opened import wait_for_threads

from flowgraph.cli.main import main

EXAMPLES = Path(__file__).parents[2] / "examples"
PROGRAMS = sorted(path.name for path in EXAMPLES.glob("*.py"))


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty frames of 64x48."""
    path = tmp_path_factory.mktemp("examples") / "clip.mkv"
    given = ("-p", "size=64x48", "-p", "length=20", "--set", "out.codec=ffv1")
    assert main(["run", "make_clip", "-o", str(path), "-q", *given]) == 0
    return path


def program(name: str) -> dict[str, Any]:
    """The names that a program defines; it doesn't begin."""
    return runpy.run_path(str(EXAMPLES / name))


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_is_short(name: str) -> None:
    assert len((EXAMPLES / name).read_text().splitlines()) < 80


def jpegs(stream: bytes) -> list[tuple[int, ...]]:
    """The shapes of the pictures in a motion JPEG stream."""
    parts = stream.split(b"--frame\r\nContent-Type: image/jpeg\r\n\r\n")[1:]
    pictures = [cv2.imdecode(np.frombuffer(part, np.uint8), cv2.IMREAD_COLOR) for part in parts]
    return [picture.shape for picture in pictures if picture is not None]


@contextmanager
def serving(application: Any) -> Generator[str]:
    """The address of a web server that runs while the block does."""
    server = uvicorn.Server(uvicorn.Config(application, host="127.0.0.1", port=0, log_level="error"))
    thread = Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.01)
        assert thread.is_alive()
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def test_the_page_streams_each_frame_of_its_effects(clip: Path) -> None:
    with serving(program("mjpeg_page.py")["application"](clip)) as address:
        page = urlopen(address).read().decode()
        for path in ("/stream/addition", "/stream/difference"):
            assert f'src="{path}"' in page
            with urlopen(address + path) as answer:
                assert answer.headers["content-type"] == "multipart/x-mixed-replace; boundary=frame"
                assert jpegs(answer.read()) == [(48, 64, 3)] * 20
    wait_for_threads()


def test_a_visitor_who_leaves_ends_the_run(clip: Path) -> None:
    async def look_and_leave() -> int:
        parts = program("mjpeg_page.py")["pictures"](clip, "addition")
        seen = 0
        async for part in parts:
            seen += len(jpegs(part))
            if seen == 3:
                break
        await parts.aclose()
        return seen

    assert asyncio.run(look_and_leave()) == 3
    wait_for_threads()


def test_the_folder_is_converted_but_for_what_can_not_be_read(clip: Path, tmp_path: Path) -> None:
    source, target = tmp_path / "clips", tmp_path / "out"
    source.mkdir()
    for name in ("a.mkv", "c.mkv"):
        (source / name).write_bytes(clip.read_bytes())
    (source / "b.mkv").write_text("no video")
    command = [sys.executable, str(EXAMPLES / "folder.py"), str(source), str(target)]
    ran = subprocess.run(command, capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (1, "")
    assert sorted(path.name for path in target.iterdir()) == ["a.mp4", "c.mp4"]
    assert "b.mkv is not a video that can be read" in ran.stdout
    again = subprocess.run(command, capture_output=True, text=True)
    assert again.stdout.count("there already") == 2


def test_the_live_loop_shows_less_from_the_frame_on_where_the_threshold_rises() -> None:
    shares = program("live_loop.py")["main"]()
    assert len(shares) == 100
    assert min(shares[10:50]) > max(shares[50:])
    wait_for_threads()
