"""A live session: what viewers ask is done here, and what they see comes from here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from threading import Lock
from time import monotonic
from typing import Final

from flowgraph.errors import FlowgraphError, GraphError
from flowgraph_tools.debug.conditions import condition
from flowgraph_tools.debug.details import details
from flowgraph_tools.debug.drawn import graph_of_plan, taken_over
from flowgraph_tools.debug.editing import Editing
from flowgraph_tools.debug.examining import probe
from flowgraph_tools.debug.gallery import Gallery
from flowgraph_tools.debug.inspecting import compared, frame_message
from flowgraph_tools.debug.keep import Kept
from flowgraph_tools.debug.protocol import VERSION, Message, problem
from flowgraph_tools.debug.server import Publish
from flowgraph_tools.debug.stall import stalls
from flowgraph_tools.debug.standing import Pace, nodes_of, state_message
from flowgraph_tools.debug.target import Target, compile_target
from flowgraph_tools.debug.transport import Transport
from flowgraph_tools.debug.watching import Watching

LOOK_S: Final = 0.4
"""How often it is looked whether the graph's file was saved."""


class Session:
    """The backend of `flowgraph debug GRAPH`."""

    def __init__(self, target: Target, *, loop: bool = False) -> None:
        """Compile the target.

        Raises:
            GraphError: it is wrong.
        """
        compiled = compile_target(target, {})
        self._publish: Publish | None = None
        self._gallery = Gallery(self._tell)
        self._transport = Transport(compiled, self._gallery.taken, self._ended)
        self._transport.loop = loop
        self._editing = Editing(target, self._transport)
        self._version = 1
        self._pace = Pace()
        self._problem: Message | None = None
        self._looked = monotonic()
        self._told: Message = {}
        self._beating = Lock()
        self._does: Mapping[str, Callable[[Message], Message]] = {
            "run": lambda m: self._steered(self._transport.run),
            "pause": lambda m: self._steered(self._transport.pause),
            "step": lambda m: self._steered(lambda: self._transport.step(max(1, int(m.get("frames", 1))))),
            "back": lambda m: self._steered(lambda: self._transport.seek(self._transport.frame - 1)),
            "seek": self._seek,
            "loop": self._loop,
            "look": self._look,
            "stop_at": self._stop_at,
            "set": self._set,
            "reset": self._reset,
            "changes": lambda m: self._editing.texts(),
            "details": self._details,
            "frame": self._frame,
            "probe": self._probe,
            "stalls": lambda m: {"tokens": stalls(self._transport.status())},
            "dismiss": lambda m: self._dismiss(),
        }

    @property
    def mode(self) -> str:
        """Waiting for the first viewer, running, seeking, pausing, paused, ended, failed."""
        return self._transport.mode

    @property
    def watched(self) -> bool:
        """Whether the run tells anybody of its firings."""
        return self._transport.heard

    # -- what the server asks ----------------------------------------------------------------------------

    def attach(self, publish: Publish | None) -> None:
        """Somebody watches, or nobody."""
        self._publish = publish
        self._transport.watch(publish is not None)

    def greeting(self) -> list[tuple[str, Message]]:
        """The graph, how it stands, and the last pictures."""
        pictures = {"is": "pictures", "nodes": dict(self._gallery.pictures)}
        return [("graph", self._graph()), ("state", self._state()), ("pictures", pictures)]

    def beat(self) -> None:
        """Tell how it stands; look for a saved file; show the frame at which a condition held."""
        with self._beating:
            if monotonic() - self._looked > LOOK_S:
                self._look_for_save()
                self._looked = monotonic()
            watching = self._transport.watching
            if watching is not None and watching.stop is not None and self._transport.mode == "paused":
                self._show_stop(watching)
            state = self._state()
            if state != self._told:
                self._told = state
                self._tell("state", state)

    def do(self, message: Message) -> Message:
        """Do what a viewer asks."""
        name = str(message.get("do"))
        if name not in self._does:
            raise ValueError(f"nothing is called '{name}'; there are {', '.join(self._does)}")
        return self._does[name](message)

    def close(self) -> None:
        """End everything."""
        self._transport.close()
        self._gallery.close()

    # -- what viewers ask --------------------------------------------------------------------------------

    def _steered(self, act: Callable[[], None]) -> Message:
        if self._problem is not None and self._problem["from"] != "file":
            self._problem = None
        act()
        self._tell("state", self._state())
        return {"frame": self._transport.frame}

    def _seek(self, message: Message) -> Message:
        if "time" in message:
            rate = self._transport.rate
            if rate is None:
                raise GraphError("this stream has no known rate, so a time is no frame; give a frame")
            return self._steered(lambda: self._transport.seek(round(float(message["time"]) * rate)))
        return self._steered(lambda: self._transport.seek(int(message["frame"])))

    def _loop(self, message: Message) -> Message:
        self._transport.set_loop(bool(message["on"]))
        return {}

    def _look(self, message: Message) -> Message:
        """Which nodes are seen, which are looked at closely, and whether to keep to the stream's own pace."""
        seen = message.get("visible")
        visible = None if seen is None else frozenset(map(self._transport.representative, seen))
        focus = frozenset(map(self._transport.representative, message.get("focus", ())))
        pace: Fraction | None = self._transport.rate if message.get("paced") else None
        self._transport.look(visible, focus, pace)
        return {}

    def _stop_at(self, message: Message) -> Message:
        """Replace all conditions."""
        found = [
            condition(self._editing.node(str(stop["node"])).name, str(stop["expression"]))
            for stop in message["stops"]
        ]
        self._transport.set_conditions(found)
        self._tell("state", self._state())
        return {}

    def _set(self, message: Message) -> Message:
        found = self._editing.set(str(message["node"]), str(message["param"]), str(message["value"]))
        self._changed(compiled=not found["live"])
        return found

    def _reset(self, message: Message) -> Message:
        found = self._editing.reset(message.get("node"), message.get("param"))
        self._changed(compiled=True)
        return found

    def _changed(self, *, compiled: bool) -> None:
        self._gallery.forget()
        if compiled:
            self._version += 1
            self._tell("graph", self._graph())
        self._tell("state", self._state())

    def _details(self, message: Message) -> Message:
        node = self._editing.node(str(message["node"]))
        return details(self._transport.compiled, node, self._editing.now(node))

    def _frame(self, message: Message) -> Message:
        """A frame, and with `against` where it differs from another node's same frame."""
        node = str(message["node"])
        found = self._gallery.frame(self._transport, node, message.get("index"))
        if found is None:
            return {"none": True}
        told = frame_message(node, found, quick=bool(message.get("quick")))
        against = message.get("against")
        return compared(told, found, str(against), self._same_frame(str(against), found)) if against else told

    def _same_frame(self, node: str, found: Kept) -> Kept:
        other = self._gallery.frame(self._transport, node, found.frame.index)
        if other is None:
            raise GraphError(f"node '{node}' has no frame {found.frame.index}")
        return other

    def _probe(self, message: Message) -> Message:
        found = self._gallery.frame(self._transport, str(message["node"]), int(message["index"]))
        if found is None:
            raise GraphError("there is no frame yet")
        return probe(found.frame, int(message["x"]), int(message["y"]))

    def _dismiss(self) -> Message:
        self._problem = None
        self._tell("state", self._state())
        return {}

    # -- what happens by itself --------------------------------------------------------------------------

    def _look_for_save(self) -> None:
        try:
            if self._editing.saved():
                self._problem = None
                self._changed(compiled=True)
        except FlowgraphError as error:
            self._problem = {**problem(error), "from": "file", "node": self._blamed(error)}

    def _ended(self) -> None:
        """On the run's thread: it is over."""
        error = self._transport.error
        if error is not None:
            self._problem = {**problem(error), "from": "run", "node": self._blamed(error)}
        elif self._transport.begins_again:
            self._gallery.later(self._transport.again)

    def _show_stop(self, watching: Watching) -> None:
        stop = watching.stop
        assert stop is not None
        watching.stop = None
        told = f"stopped at frame {stop.index}: '{stop.condition.node}' {stop.condition.expression}"
        if not self._transport.why_fixed():
            self._transport.seek(stop.index)
        node = stop.condition.node
        self._problem = {"message": told, "hint": "", "place": {}, "from": "condition", "node": node}

    def _blamed(self, error: FlowgraphError) -> str:
        """The node that an error is about."""
        nodes = self._transport.plan.network.nodes
        placed = [node.name for node in nodes if error.place is not None and node.place == error.place]
        named = [node.name for node in nodes if f"'{node.name}'" in error.message]
        return next(iter([*placed, *named]), "")

    # -- messages ----------------------------------------------------------------------------------------

    def _tell(self, kind: str, message: Message) -> None:
        publish = self._publish
        if publish is not None:
            publish(kind, message)

    def _graph(self) -> Message:
        transport = self._transport
        fixed = transport.why_fixed()
        can = {"seek": not fixed, "edit": not fixed, "steer": True, "live": True}
        compiled = transport.compiled
        return {
            "is": "graph",
            "protocol": VERSION,
            "version": self._version,
            "title": compiled.title,
            "about": compiled.graph.about,
            "file": str(compiled.target.path),
            "writes": compiled.target.write,
            "can": can,
            "fixed": fixed,
            "rate": transport.rate,
            "driver": transport.driver,
            **graph_of_plan(transport.plan, compiled.title, taken_over(compiled)),
        }

    def _state(self) -> Message:
        transport = self._transport
        status, mode = transport.status(), transport.mode
        watching = transport.watching
        edits = [
            {"index": e.index, "node": e.node, "param": e.param, "value": e.text}
            for e in self._editing.edits()
        ]
        extra = {
            "version": self._version,
            "total": transport.total,
            "problem": self._problem,
            "loop": transport.loop,
            "paced": transport.pace is not None,
            "stops": [{"node": c.node, "expression": c.expression} for c in transport.conditions],
            "edits": edits,
            "aside_bytes": self._gallery.keep.nbytes,
        }
        rate = self._pace.see(status.index) if mode in ("running", "seeking") else 0.0
        nodes = nodes_of(status, transport.times, watching.latest if watching else {})
        return state_message(status, mode, transport.frame, rate, nodes, extra)
