"""The file of a trace (`.fgt`): a stream of msgpack arrays, each beginning with what it is.

    ["flowgraph trace", 1, header]        first; a map, see `header`
    ["firings", rows]                     bytes: rows of `ROW`, little-endian, in the order of their ends
    ["picture", node, index, time, sum, width, height, jpeg, flat]
                                          of a node's frame: its time in seconds, the checksum of all its
                                          samples (`flowgraph.sums`), its size; jpeg may be empty (numbers);
                                          flat says what it is if it has but one colour: "all black"
    ["status", seconds, pass, frames, pool_bytes]
                                          now and then: frames taken by the pass, bytes of buffers in use
    ["change", index, node, parameter, value]
                                          a live parameter took effect at that frame; the value as text
    ["end", state, end]                   last: finished, failed or interrupted; a map, see `end`

Nodes go by their place in the header's list `nodes`. Times are seconds since the trace began. A file without
an end is that of a run that was killed: all records before the break are good. Readers pass over kinds of
records and keys that they don't know; a change that they can't pass over raises the version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, cast

import numpy as np

from flowgraph.cli.drawing import Box, Drawing, Group, Wire
from flowgraph.frame import Format
from flowgraph_tools.facts import Facts, Parameter, Share, Stream
from flowgraph_tools.lines import Lines

MAGIC = "flowgraph trace"
VERSION = 1

NO_FRAME, STILL = -1, -2
"""In the column `frame` of a firing: nothing came out; what came out is a still."""

ROW = np.dtype(
    [
        ("node", "<u2"),
        ("pass", "<u2"),
        ("worker", "<u2"),
        ("spare", "<u2"),
        ("index", "<i4"),
        ("frame", "<i4"),
        ("started", "<f8"),
        ("seconds", "<f4"),
        ("waited", "<f4"),
    ]
)
"""One firing. `index` is that of the token (-1 for what is computed once), `frame` that of what came out;
it lasted from `started` for `seconds` of work and `waited` of waiting."""

PACKED = "<HHHHiidff"
"""`ROW` for the module struct."""


def drawing_record(drawing: Drawing) -> dict[str, Any]:
    """A drawing as plain values; a format as pixel format, width, height."""
    record = asdict(drawing)
    for wire, made in zip(record["wires"], drawing.wires, strict=True):
        format = made.format
        wire["format"] = None if format is None else [format.pixel, format.width, format.height]
    return record


def read_drawing(record: Mapping[str, Any]) -> Drawing:
    """The drawing of such a record."""
    groups = [
        Group(each["title"], each["reason"], tuple(_made(Box, box) for box in each["boxes"]))
        for each in record["groups"]
    ]
    wires = [
        _made(Wire, {**wire, "format": Format(*wire["format"]) if wire["format"] else None})
        for wire in record["wires"]
    ]
    return Drawing(record["title"], record["caption"], tuple(groups), tuple(wires))


_PARTS: Mapping[str, type[Any]] = {
    "parameters": Parameter,
    "reads": Stream,
    "makes": Stream,
    "memory": Share,
}


def read_facts(record: Mapping[str, Any]) -> Facts:
    """The facts of a record made by `dataclasses.asdict`."""
    values = dict(record)
    for name, kind in _PARTS.items():
        values[name] = tuple(_made(kind, each) for each in record[name])
    values["lines"] = _made(Lines, record["lines"]) if record["lines"] else None
    return cast("Facts", _made(Facts, values))


def _made(kind: type[Any], record: Mapping[str, Any]) -> Any:
    """An instance of a frozen record; lists become tuples, and what it doesn't know is passed over."""
    known = kind.__dataclass_fields__
    return kind(
        **{
            name: tuple(value) if isinstance(value, list) else value
            for name, value in record.items()
            if name in known
        }
    )
