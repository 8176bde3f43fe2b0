"""What OpenCV allocates inside the nodes of geometry stays within what they declare."""

import os
import subprocess
import sys

PROGRAM = """
import cv2
from pathlib import Path
from flowgraph.frame import Format, new_frame
from flowgraph.library import node_type
from flowgraph.node import Formats

cv2.setNumThreads(0)

def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024

def painted(format):
    frame = new_frame(format)
    for plane in frame.planes:
        plane[...] = 7
    return frame

for type, written in CASES:
    node = node_type(type).model_validate(written)
    image = painted(Format("bgr24", 3000, 1000))
    formats = Formats({"image": (image.format,), "images": (image.format,)})
    outputs = node.output_formats(formats)
    output = painted(*outputs.values())
    declared = node.temporaries(Formats(formats.inputs, outputs))
    given = (image,) if type == "stack" else image
    node.process(given, output)
    Path("/proc/self/clear_refs").write_text("5")
    before = peak()
    node.process(given, output)
    print(type, written, peak() - before - declared)
"""

CASES = [
    *(
        ("resize", {"scale": scale, "interpolation": name})
        for scale in (0.37, 1.6)
        for name in ("nearest", "nearest_exact", "linear", "linear_exact", "cubic", "area", "lanczos")
    ),
    ("rotate", {"angle": 90}),
    ("rotate", {"angle": 30, "expand": True}),
    ("flip", {"direction": "both"}),
    ("pad", {"border": 16}),
    ("text", {"text": "frame {index}", "size": 100}),
    ("stack", {"gap": 2}),
    ("motion_filter", {"kind": "blob", "radius": 20}),
]


def test_the_process_grows_by_no_more_than_was_declared() -> None:
    # Freed memory must go back to the system, or the second call would find it in the allocator.
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
    assert [line for line in lines if int(line.rpartition(" ")[2]) > 64 * 1024] == []
