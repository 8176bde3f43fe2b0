"""How graphs, plans, runs and frames show themselves in a notebook, and the progress of a run there.

    from flowgraph.notebook import progress

    plan = flowgraph.compile(graph, {"input": "dance.mp4", "output": "bloom.mp4"})
    flowgraph.execute(plan, progress=progress(plan))

A graph, a plan or a frame as the last line of a cell is drawn.
"""

from __future__ import annotations

import html
from base64 import b64encode
from collections.abc import Callable, Mapping
from importlib import import_module
from time import monotonic
from typing import TYPE_CHECKING, Any

from flowgraph.cli.human import size
from flowgraph.cli.progress import status
from flowgraph.errors import GraphError
from flowgraph.frame import Frame

if TYPE_CHECKING:
    from flowgraph.cli.drawing import Drawing
    from flowgraph.graph import Graph
    from flowgraph.plan import Plan
    from flowgraph.session import Progress

EVERY_S = 0.25
"""Between two updates of a progress bar."""


def graph_html(graph: Graph) -> str:
    """The drawing of a graph as it is written."""
    from flowgraph.cli.drawing import draw_graph

    return _figure(draw_graph(graph, graph.title))


def plan_html(plan: Plan) -> str:
    """The drawing of a plan, with formats and bytes, and its bound."""
    from flowgraph.cli.drawing import draw_plan

    return _figure(draw_plan(plan, ""), f"at most {size(plan.bound_bytes)} of memory")


def frames_html(frames: Mapping[str, Frame]) -> str:
    """Pictures side by side, each with its name, index and time below; numbers are left out."""
    shown = "".join(_picture(name, frame) for name, frame in frames.items() if frame.format.family != "data")
    return f'<div style="display:flex;flex-wrap:wrap;gap:1em">{shown}</div>' if shown else ""


def frame_png(frame: Frame) -> bytes:
    """A frame as PNG.

    Raises:
        ValueError: the frame holds numbers and no picture.
    """
    import cv2

    from flowgraph.exchange import to_bgr

    samples = frame.data if frame.format.pixel in ("gray", "bgr24", "bgra") else to_bgr(frame).data
    return cv2.imencode(".png", samples)[1].tobytes()


def progress(plan: Plan) -> Callable[[Progress], None]:
    """What draws a bar below the cell, for `execute(plan, progress=...)`.

    Raises:
        GraphError: the program runs in no notebook.
    """
    try:
        ipython: Any = import_module("IPython.display")
    except ImportError:
        raise GraphError("a progress bar for notebooks needs IPython", hint="run it in a notebook") from None
    handle: Any = ipython.display(ipython.HTML(_bar(0, 0, "starting")), display_id=True)
    if handle is None:
        raise GraphError("there is no notebook to draw a progress bar in")
    last, bound_bytes = 0.0, plan.bound_bytes

    def show(made: Progress) -> None:
        nonlocal last
        done = made.total is not None and made.frames >= made.total
        if monotonic() - last < EVERY_S and not done:
            return
        last = monotonic()
        head = f"pass {made.pass_index + 1} of {made.passes}: " if made.passes > 1 else ""
        handle.update(ipython.HTML(_bar(made.frames, made.total or 0, head + status(made, bound_bytes))))

    return show


def _bar(done: int, total: int, text: str) -> str:
    value = f' value="{min(done, total)}" max="{total}"' if total else ""
    return f"<progress{value}></progress> {html.escape(text)}"


def _figure(drawing: Drawing, caption: str = "") -> str:
    from flowgraph.cli.dot import to_dot
    from flowgraph.cli.graphviz import render

    svg = render(to_dot(drawing), "svg").decode()
    # What stands before the drawing is for files, not for pages.
    picture = svg[svg.index("<svg") :]
    below = f"<figcaption>{html.escape(caption)}</figcaption>" if caption else ""
    return f'<figure style="margin:0;overflow-x:auto">{picture}{below}</figure>'


def _picture(name: str, frame: Frame) -> str:
    data = b64encode(frame_png(frame)).decode()
    text = html.escape(f"{name}: frame {frame.index}, {float(frame.time):.3f} s")
    style = "max-width:480px;height:auto"
    return (
        f'<figure style="margin:0"><img style="{style}" src="data:image/png;base64,{data}" alt="{text}">'
        f"<figcaption>{text}</figcaption></figure>"
    )
