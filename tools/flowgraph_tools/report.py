"""The page of a run: what a trace tells, as one html file that can be mailed."""

from __future__ import annotations

import os
import tempfile
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path

from flowgraph.cli.recorders import Recorded
from flowgraph.errors import GraphError
from flowgraph.executor.control import Fired
from flowgraph.session import Report
from flowgraph_tools.cards import Picture
from flowgraph_tools.debug.pictures import THUMBNAIL
from flowgraph_tools.offline import Page, Run, to_html
from flowgraph_tools.trace.format import STILL
from flowgraph_tools.trace.reader import Thumbnail, Trace
from flowgraph_tools.trace.writer import TraceWriter

PICTURES = 6
"""Of each node, spread over the run."""


class ReportWriter:
    """Keeps a trace in a temporary file, and makes the page of it when the run is over."""

    def __init__(self, path: Path, job: Recorded) -> None:
        """Begin.

        Raises:
            GraphError: the page couldn't be written; better found out now than after hours of work.
        """
        if path.is_dir() or not os.access(path if path.exists() else path.parent, os.W_OK):
            raise GraphError(f"{path}: can't be written")
        self._path = path
        self._folder = tempfile.TemporaryDirectory(prefix="flowgraph-report-")
        self._trace = TraceWriter(Path(self._folder.name) / "run.fgt", job)

    def wants(self, pass_index: int, index: int) -> bool:
        """As the trace does."""
        return self._trace.wants(pass_index, index)

    def fired(self, firing: Fired) -> None:
        """Keep it in the trace."""
        self._trace.fired(firing)

    def ended(self, report: Report | None, error: BaseException | None) -> str:
        """Write the page."""
        self._trace.ended(report, error)
        self._path.write_text(report_html(Trace.read(self._trace.path)), "utf-8")
        self._folder.cleanup()
        return str(self._path)


def report_html(trace: Trace) -> str:
    """The page of a trace."""
    head, end = trace.header, trace.end
    return to_html(
        Page(
            trace.drawing,
            trace.facts,
            trace.measures(),
            {name: _pictures(found) for name, found in trace.pictures.items()},
            about=head["about"],
            passes=head["passes"],
            bound_bytes=head["bound_bytes"],
            run=Run(
                end.state,
                end.frames or trace.frames,
                end.seconds or trace.seconds,
                end.peak_bytes,
                head["bound_bytes"],
                end.outputs,
                end.error,
            ),
            notes=(*head["notes"], *end.notes),
            warnings=tuple(head["warnings"]),
            changes=tuple((each.index, f"{each.node}.{each.param} = {each.value}") for each in trace.changes),
            values=(*head["values"].items(), *head["overrides"].items()),
            plan=head["plan"],
            file=head["file"],
            versions=(("begun", head["created"]), *map(tuple, head["versions"])),
        )
    )


def _pictures(found: Sequence[Thumbnail]) -> list[Picture]:
    shown = [each for each in found if each.jpeg]
    if len(shown) > PICTURES:
        shown = [shown[round(i * (len(shown) - 1) / (PICTURES - 1))] for i in range(PICTURES)]
    return [_picture(each) for each in shown]


def _picture(taken: Thumbnail) -> Picture:
    scale = min(THUMBNAIL[0] / taken.width, THUMBNAIL[1] / taken.height, 1.0)
    return Picture(
        max(0, taken.index) if taken.index != STILL else -1,
        max(1, round(taken.width * scale)),
        max(1, round(taken.height * scale)),
        "data:image/jpeg;base64," + b64encode(taken.jpeg).decode(),
        taken.flat,
    )
