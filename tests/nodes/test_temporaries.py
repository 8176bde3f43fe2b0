"""What OpenCV allocates inside the nodes of geometry stays within what they declare."""

from __future__ import annotations

from threading import Thread
from typing import Any

from growth import filled, grown, over

from flowgraph.frame import Format, new_frame
from flowgraph.library import node_type
from flowgraph.node import Formats

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


def beyond_declared(type: str, written: dict[str, Any]) -> int:
    node: Any = node_type(type).model_validate(written)
    image = filled(new_frame(Format("bgr24", 3000, 1000)))
    formats = Formats({"image": (image.format,), "images": (image.format,)})
    outputs = node.output_formats(formats)
    output = filled(new_frame(*outputs.values()))
    given = (image,) if type == "stack" else image
    node.process(given, output)
    return grown(lambda: node.process(given, output)) - node.temporaries(Formats(formats.inputs, outputs))


def beyond_declared_in_a_new_thread(type: str, written: dict[str, Any]) -> int:
    # What the process sets up once is none of the node's, what each thread sets up is.
    found = [beyond_declared(type, written)]
    node: Any = node_type(type).model_validate(written)
    frames = [filled(new_frame(Format("gray", 320, 240))) for _ in range(2)]

    def work() -> None:
        formats = Formats({"image": (frames[0].format,)})
        found.append(grown(lambda: node.process(*frames)) - node.temporaries(formats))

    thread = Thread(target=work)
    thread.start()
    thread.join()
    return found[-1]


def test_what_a_thread_sets_up_is_declared() -> None:
    assert over(512 * 1024, beyond_declared_in_a_new_thread, [("text", {"text": "12:34"})]) == []


def test_the_process_grows_by_no_more_than_was_declared() -> None:
    assert over(64 * 1024, beyond_declared, CASES) == []
