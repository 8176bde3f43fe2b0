"""What OpenCV and numpy take inside the nodes that make masks stays within what they declare."""

import os
import subprocess
import sys

PROGRAM = """
import cv2
import numpy as np
from pathlib import Path
from flowgraph.frame import new_frame, Format
from flowgraph.library import node_type
from flowgraph.node import Formats, ports

cv2.setNumThreads(0)
WIDTH, HEIGHT = 1200, 800

def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024

def grown(call, *given):
    Path("/proc/self/clear_refs").write_text("5")
    before = peak()
    call(*given)
    return peak() - before

random = np.random.default_rng(1)
colour, gray = (new_frame(Format(pixel, WIDTH, HEIGHT)) for pixel in ("bgr24", "gray"))
colour.planes[0][...] = random.integers(0, 256, (HEIGHT, WIDTH, 3))
gray.planes[0][...] = np.indices((HEIGHT, WIDTH)).sum(axis=0) % 2 * 255  # as many parts as there can be
for type, written, names in CASES:
    node = node_type(type).model_validate(written)
    given = [{"colour": colour, "gray": gray}[name] for name in names]
    inputs = {name: (frame.format,) for name, frame in zip(ports(node.__class__).inputs, given)}
    formats = Formats(inputs, node.output_formats(Formats(inputs)))
    outputs = [new_frame(format) for format in formats.outputs.values()]
    for output in outputs:
        output.planes[0][...] = 7
    scratch = {name: np.ones(*spec) for name, spec in node.scratch(formats).items()}
    rest = [] if hasattr(node, "accumulate") else [*outputs, *([scratch] if scratch else [])]

    def run():
        state = [node.start(formats)] if hasattr(node, "start") else []
        for _ in range(3):
            (getattr(node, "accumulate", None) or node.process)(*state, *given, *rest)

    run()  # what libraries set up once is none of the node's
    print(type, written, grown(run) - node.temporaries(formats) - node.state_bytes(formats))
"""

CASES = [
    ("morphology", {"operation": "open", "radius": 12}, ["gray"]),
    ("morphology", {"operation": "gradient", "radius": 3}, ["colour"]),
    ("components", {"most": 1, "holes": 5}, ["gray"]),
    ("measure", {"box": "outline"}, ["gray"]),
    ("background_model", {"method": "mog2"}, ["colour"]),
    ("background_model", {"method": "knn"}, ["gray"]),
    ("coherence", {}, ["gray", "gray"]),
    ("guided", {"radius": 9}, ["gray", "gray"]),
    ("region_classes", {"across": 200}, ["colour", "gray"]),
    ("lightness_fit", {}, ["colour"]),
    ("colour_distance", {}, ["colour"]),
    ("cover", {"stretch": True}, ["colour", "gray"]),
]


def test_the_process_grows_by_no_more_than_was_declared() -> None:
    # Freed memory must go back to the system, or the second run would find it in the allocator.
    settings = {"MALLOC_MMAP_THRESHOLD_": "32768", "MALLOC_TRIM_THRESHOLD_": "0"}
    found = subprocess.run(
        [sys.executable, "-c", f"CASES = {CASES!r}\n{PROGRAM}"],
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=True,
    )
    lines = found.stdout.splitlines()
    assert len(lines) == len(CASES)
    assert [line for line in lines if int(line.rpartition(" ")[2]) > 512 * 1024] == []
