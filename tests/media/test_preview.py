"""The preview window, with OpenCV's window functions replaced: tests have no display."""

from typing import Any

import cv2
import pytest
from media_clips import ALL, drawn, frames_of, info_for

from flowgraph.errors import RunError, StopRun
from flowgraph.library import node_type
from flowgraph.media import window
from flowgraph.node import Sink, Writer


def preview(**params: Any) -> Sink:
    node = node_type("preview")(**params)
    assert isinstance(node, Sink)
    return node


class Screen:
    """Stands for the display: shows frames in a list, and has keys that are pressed one after the other."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, keys: list[int]) -> None:
        self.keys = keys
        self.shown: list[Any] = []
        self.waits: list[int] = []
        self.visible = 1.0
        monkeypatch.setattr(window, "display_problem", lambda: "")
        for name in ("namedWindow", "resizeWindow", "destroyWindow"):
            monkeypatch.setattr(cv2, name, lambda *arguments: None)
        monkeypatch.setattr(cv2, "imshow", lambda title, image: self.shown.append(image))
        monkeypatch.setattr(cv2, "getWindowProperty", lambda title, what: self.visible)
        monkeypatch.setattr(cv2, "waitKey", self.wait)

    def wait(self, milliseconds: int) -> int:
        self.waits.append(milliseconds)
        return self.keys.pop(0)


def opened(**params: Any) -> Writer:
    node = preview(**params)
    return node.open(info_for(node, drawn().probe(ALL)))


def test_q_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen(monkeypatch, [-1, ord("x"), ord("q")])
    writer, frames = opened(pace=False), frames_of(drawn(format="bgr24"))
    writer.write(frames[0])
    writer.write(frames[1])
    with pytest.raises(StopRun):
        writer.write(frames[2])
    assert len(screen.shown) == 3
    assert screen.waits == [1, 1, 1]
    assert writer.close() == "preview: 3 frames"


def test_closing_the_window_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen(monkeypatch, [-1])
    writer = opened()
    screen.visible = 0.0
    with pytest.raises(StopRun):
        writer.write(frames_of(drawn(format="bgr24"))[0])


def test_frames_are_shown_at_their_own_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen(monkeypatch, [-1, -1, -1])
    now = 100.0
    monkeypatch.setattr(window, "monotonic", lambda: now)
    writer = opened()
    for frame in frames_of(drawn(length=3, format="bgr24")):
        writer.write(frame)
    assert screen.waits == [1, 40, 80]


@pytest.mark.parametrize(
    ("display", "message"), [("", "DISPLAY is not set"), (":4711", "no display at DISPLAY=:4711")]
)
def test_a_missing_display_is_said(monkeypatch: pytest.MonkeyPatch, display: str, message: str) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("DISPLAY", display)
    with pytest.raises(RunError, match=f"no preview: .*{message}"):
        opened()


def test_an_opencv_without_windows_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cv2, "getBuildInformation", lambda: "  GUI:    NONE\n")
    with pytest.raises(RunError, match="install opencv-python in place of opencv-python-headless"):
        opened()


def test_a_preview_writes_no_file_and_takes_gray_as_it_is() -> None:
    node, format = preview(), drawn().probe(ALL).format
    assert node.path_written() is None
    assert node.convert_to(format) == "bgr24"
    assert node.convert_to(format.as_pixel("gray")) == "gray"
