"""What nodes with a state take, OpenCV's and FFmpeg's own memory included, stays within what they declare."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from growth import filled, grown, over

from flowgraph.frame import Format, Frame, new_frame
from flowgraph.library import node_type
from flowgraph.node import Formats

RATE = Fraction(25)
CASES = [
    ("flow", {"quality": "ultrafast"}, "gray"),
    ("flow", {"quality": "fast"}, "gray"),
    ("flow", {"quality": "medium"}, "gray"),
    ("low_pass", {}, "bgr24"),
    ("band_pass", {}, "bgr24"),
    ("magnify", {}, "bgr24"),
    ("magnify", {"levels": 1}, "gray"),
    ("avfilter", {"filter": "gblur=sigma=5,negate"}, "yuv420p"),
    ("avfilter", {"filter": "tmix=frames=5"}, "bgr24"),
    ("avfilter", {"filter": "atadenoise,unsharp"}, "gray"),
]


def beyond_declared(type: str, written: dict[str, Any], pixel: str) -> int:
    # What libraries set up once is none of the node's.
    _beyond_declared(type, written, Format(pixel, 64, 48))
    return _beyond_declared(type, written, Format(pixel, 1600, 900))


def _beyond_declared(type: str, written: dict[str, Any], format: Format) -> int:
    node: Any = node_type(type).model_validate(written)
    images = [_noise(format, index) for index in range(10)]
    inputs = {"image": (format,)}
    formats = Formats(inputs, node.output_formats(Formats(inputs, rate=RATE)), RATE)
    outputs = [filled(new_frame(output)) for output in formats.outputs.values()]
    depth = node.history("image", RATE)

    def run() -> None:
        state = node.start(formats)
        for index in range(depth, 10):
            window = (images[index], *images[index - depth : index]) if depth else images[index]
            node.process(state, window, *outputs)

    return grown(run) - node.state_bytes(formats) - node.temporaries(formats)


def _noise(format: Format, index: int) -> Frame:
    image = new_frame(format, index, index / RATE)
    for plane in image.planes:
        plane[...] = np.random.default_rng(index).integers(0, 256, plane.shape)
    return image


def test_the_process_grows_by_no_more_than_was_declared() -> None:
    assert over(512 * 1024, beyond_declared, CASES) == []
