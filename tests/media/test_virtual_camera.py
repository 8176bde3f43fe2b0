"""The virtual camera, with a stand-in for the package that drives the device."""

from __future__ import annotations

import enum
import sys
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from flowgraph import GraphError, RunError, compile, execute, loads
from flowgraph.frame import Plane

GRAPH = """
flowgraph: 1
nodes:
  video: {{type: testsrc, size: {size}, length: 3, format: {format}}}
  call: {{type: virtual_camera, in: video, device: /dev/video7}}
"""


class Pixels(enum.Enum):
    BGR = 1
    GRAY = 2
    I420 = 3


class Camera:
    """Takes what a device would."""

    made: list[Camera]

    def __init__(self, width: int, height: int, fps: float, *, fmt: Pixels, device: str | None) -> None:
        self.opened: tuple[Any, ...] = (width, height, fps, fmt)
        self.device = device
        self.shown: list[Plane] = []
        self.waited = 0
        self.closed = False
        Camera.made.append(self)

    def send(self, picture: Plane) -> None:
        self.shown.append(picture.copy())

    def sleep_until_next_frame(self) -> None:
        self.waited += 1

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    module = ModuleType("pyvirtualcam")
    module.Camera = Camera  # type: ignore[attr-defined]  # a stand-in
    module.PixelFormat = Pixels  # type: ignore[attr-defined]  # a stand-in
    Camera.made = []
    monkeypatch.setitem(sys.modules, "pyvirtualcam", module)
    return module


@pytest.mark.parametrize(
    ("size", "format", "kind", "shape"),
    [
        ("64x48", "yuv420p", Pixels.I420, (64 * 48 * 3 // 2,)),
        ("65x48", "yuv420p", Pixels.BGR, (48, 65, 3)),
        ("64x48", "bgr24", Pixels.BGR, (48, 64, 3)),
    ],
)
@pytest.mark.usefixtures("package")
def test_frames_are_shown_at_their_pace(size: str, format: str, kind: Pixels, shape: tuple[int, ...]) -> None:
    report = execute(compile(loads(GRAPH.format(size=size, format=format))))
    (camera,) = Camera.made
    assert camera.opened == (*map(int, size.split("x")), 25.0, kind)
    assert [picture.shape for picture in camera.shown] == [shape] * 3
    assert (camera.waited, camera.closed) == (3, True)
    assert report.outputs == ("/dev/video7: 3 frames shown",)
    assert all(picture.flags.c_contiguous and picture.dtype == np.uint8 for picture in camera.shown)


@pytest.mark.usefixtures("package")
def test_gray_is_shown_as_it_is() -> None:
    gray = GRAPH.replace("in: video", "in: {{image: light}}").replace(
        "call:", "light: {{type: gray, in: video}}\n  call:"
    )
    execute(compile(loads(gray.format(size="64x48", format="bgr24"))))
    (camera,) = Camera.made
    assert (camera.opened[3], camera.shown[0].shape) == (Pixels.GRAY, (48, 64))


def test_without_a_device_it_is_said_how_to_get_one(
    package: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*_: object, **__: object) -> Camera:
        raise RuntimeError(
            "'v4l2loopback' backend: No device found. Did you run 'modprobe v4l2loopback'? More"
        )

    monkeypatch.setattr(package, "Camera", none)
    with pytest.raises(RunError) as raised:
        execute(compile(loads(GRAPH.format(size="64x48", format="bgr24"))))
    assert "no virtual camera: 'v4l2loopback' backend: No device found" in str(raised.value)
    assert "sudo modprobe v4l2loopback" in str(raised.value)


def test_without_the_package_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyvirtualcam", None)
    with pytest.raises(GraphError, match="needs the package pyvirtualcam"):
        execute(compile(loads(GRAPH.format(size="64x48", format="bgr24"))))
