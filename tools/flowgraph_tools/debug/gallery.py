"""The pictures of a session: the last thumbnail of each node, and whole frames for who looks closely."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from time import thread_time
from typing import Any

from flowgraph.errors import GraphError
from flowgraph_tools.debug.aside import frame_aside
from flowgraph_tools.debug.keep import Keep, Kept
from flowgraph_tools.debug.pictures import Sample, thumbnail_and_colour
from flowgraph_tools.debug.protocol import Message
from flowgraph_tools.debug.transport import Transport
from flowgraph_tools.debug.watching import Batch, Watching


class Gallery:
    """Makes pictures of samples on a thread of its own; `publish` gets each set."""

    def __init__(self, publish: Callable[[str, Message], None]) -> None:
        self.pictures: dict[str, Message] = {}
        """The last picture of each node."""
        self.keep = Keep()
        self._whole: dict[str, int] = {}
        self._current: Watching | None = None
        self._publish = publish
        self._helper = ThreadPoolExecutor(1, "flowgraph debug pictures")
        self._aside = Lock()

    def taken(self, watching: Watching, batch: Batch) -> None:
        """Called on a worker's thread: hand the samples on."""
        self._current = watching
        self._helper.submit(self._encode, watching, batch)

    def forget(self) -> None:
        """What was computed is not true any more: a parameter or the graph is another."""
        self.keep.clear()
        self._whole.clear()

    def later(self, act: Callable[[], None]) -> None:
        """Do something on the pictures' thread, behind what waits there."""
        self._helper.submit(act)

    def close(self) -> None:
        """Finish what is under way."""
        self._helper.shutdown()

    def _encode(self, watching: Watching, batch: Batch) -> None:
        began = thread_time()
        found = {name: _picture(taken) for name, taken in batch.samples.items()}
        if watching is self._current:
            self.pictures |= found
            for name, frame in batch.frames.items():
                self.keep.put(name, Kept(frame))
                self._whole[name] = frame.index
            self._publish("pictures", {"is": "pictures", "frame": batch.index, "nodes": found})
        watching.done(thread_time() - began + batch.seconds)

    def at_hand(self, node: str, index: int | None) -> Kept | None:
        """A frame that was copied or computed already; without an index the last one."""
        found = self._whole.get(node) if index is None else index
        return None if found is None else self.keep.get(node, found)

    def frame(self, transport: Transport, node: str, index: int | None) -> Kept | None:
        """A frame of a node: kept, a still, or computed at the side. Without an index the last one at hand.

        None where there is no index, and none at hand yet.

        Raises:
            GraphError: there is no such frame.
            RunError: it can't be computed.
        """
        step = transport.representative(node)
        stills = transport.still_frames.get(step)
        if stills:
            return Kept(stills[0])
        kept = self.at_hand(step, index) or (self.keep.get(node, index) if index is not None else None)
        if kept is not None or index is None:
            return kept
        if transport.why_fixed():
            raise GraphError(f"frame {index} of '{node}' is gone: {transport.why_fixed()}")
        with self._aside:
            # Whoever asked before may have wanted the same.
            kept = self.keep.get(node, index)
            if kept is None:
                changes = transport.collected()
                kept = frame_aside(transport.compiled, transport.stills, changes, node, index)
                self.keep.put(node, kept)
        return kept


def _picture(taken: Sample) -> Message:
    frame = taken.frame
    shown: dict[str, Any] = {"index": frame.index, "time": float(frame.time)}
    if frame.format.family == "data":
        row = dict(zip(frame.format.columns, map(float, frame.data.ravel()), strict=True))
        return {**shown, "row": row}
    packed, flat = thumbnail_and_colour(taken)
    return {**shown, "width": taken.width, "height": taken.height, "jpeg": packed, "flat": flat}
