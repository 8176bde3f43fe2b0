"""What nodes with a state take, OpenCV's and FFmpeg's own memory included, stays within what they declare."""

import os
import subprocess
import sys

PROGRAM = """
import cv2
import numpy as np
from fractions import Fraction
from pathlib import Path
from flowgraph.frame import Format, Frame, new_frame
from flowgraph.library import node_type
from flowgraph.node import Formats

cv2.setNumThreads(1)

def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024

def grow(type, written, pixel, width, height):
    node = node_type(type).model_validate(written)
    format = Format(pixel, width, height)
    images = []
    for index in range(10):
        image = new_frame(format, index, Fraction(index, 25))
        for plane in image.planes:
            plane[...] = np.random.default_rng(index).integers(0, 256, plane.shape)
        images.append(image)
    inputs = {"image": (format,)}
    formats = Formats(inputs, node.output_formats(Formats(inputs, rate=RATE)), RATE)
    outputs = [new_frame(output) for output in formats.outputs.values()]
    for output in outputs:
        for plane in output.planes:
            plane[...] = 7
    declared = node.state_bytes(formats) + node.temporaries(formats)
    depth = node.history("image", RATE)
    Path("/proc/self/clear_refs").write_text("5")
    before = peak()
    state = node.start(formats)
    for index in range(depth, 10):
        window = (images[index], *images[index - depth : index]) if depth else images[index]
        node.process(state, window, *outputs)
    return peak() - before - declared, declared

RATE = Fraction(25)
for case in CASES:
    grow(*case, 64, 48)
    print(*case, *grow(*case, 1600, 900))
"""

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


def test_the_process_grows_by_no_more_than_was_declared() -> None:
    # Freed memory must go back to the system, or a later case would find it in the allocator.
    settings = {"MALLOC_MMAP_THRESHOLD_": "32768", "MALLOC_TRIM_THRESHOLD_": "0"}
    found = subprocess.run(
        [sys.executable, "-c", f"CASES = {CASES!r}\n{PROGRAM}"],
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    lines = found.stdout.splitlines()
    assert len(lines) == len(CASES)
    assert [line for line in lines if int(line.split()[-2]) > 512 * 1024] == []
