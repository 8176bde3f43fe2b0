"""The page of a run that belongs to another program: watched, paused and stepped, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Lock

from flowgraph.errors import GraphError
from flowgraph.executor.control import Control
from flowgraph.frame import Frame
from flowgraph.graph import NetNode, Port
from flowgraph.plan import Plan
from flowgraph_tools.debug.conditions import Condition, condition
from flowgraph_tools.debug.details import details_of
from flowgraph_tools.debug.drawn import graph_of_plan
from flowgraph_tools.debug.examining import probe
from flowgraph_tools.debug.gallery import Gallery
from flowgraph_tools.debug.inspecting import compared, frame_message
from flowgraph_tools.debug.keep import Kept
from flowgraph_tools.debug.protocol import VERSION, Message
from flowgraph_tools.debug.server import Publish
from flowgraph_tools.debug.stall import stalls
from flowgraph_tools.debug.standing import Pace, nodes_of, state_message
from flowgraph_tools.debug.watching import Times, Watching

_WHY = "the run belongs to another program"


class Attached:
    """The backend of `flowgraph_tools.attach`."""

    def __init__(self, plan: Plan, control: Control, title: str) -> None:
        self._plan = plan
        self._control = control
        self._title = title
        self._publish: Publish | None = None
        self._lock = Lock()
        self._pace = Pace()
        self._times = Times()
        self._told: Message = {}
        self._stills: dict[Port, Frame] = {}
        self._conditions: tuple[Condition, ...] = ()
        self._problem: Message | None = None
        self._gallery = Gallery(self._tell)
        self._watching = Watching(control, plan, self._times, 0, self._gallery.taken)
        self._watching.stills = self._stills
        self._does: Mapping[str, Callable[[Message], Message]] = {
            "run": lambda m: self._run(),
            "pause": lambda m: self._advance(1),
            "step": lambda m: self._advance(max(1, int(m.get("frames", 1)))),
            "look": self._look,
            "stop_at": self._stop_at,
            "details": lambda m: details_of(self._plan, self._node(str(m["node"]))),
            "frame": self._frame,
            "probe": self._probe,
            "stalls": lambda m: {"tokens": stalls(self._control.status())},
            "dismiss": lambda m: self._dismiss(),
        }

    def attach(self, publish: Publish | None) -> None:
        """Somebody watches, or nobody: then the program's run is left alone."""
        self._publish = publish
        self._control.watcher = None if publish is None else self._watching

    def greeting(self) -> list[tuple[str, Message]]:
        """The graph, how it stands, and the last pictures."""
        pictures = {"is": "pictures", "nodes": dict(self._gallery.pictures)}
        return [("graph", self._graph()), ("state", self._state()), ("pictures", pictures)]

    def beat(self) -> None:
        """Tell how it stands."""
        with self._lock:
            stop = self._watching.stop
            if stop is not None:
                self._watching.stop = None
                told = f"stopped at frame {stop.index}: '{stop.condition.node}' {stop.condition.expression}"
                node = stop.condition.node
                self._problem = {"message": told, "hint": "", "place": {}, "from": "condition", "node": node}
            state = self._state()
            if state != self._told:
                self._told = state
                self._tell("state", state)

    def do(self, message: Message) -> Message:
        """Do what a viewer asks.

        Raises:
            GraphError: it is the program's to do.
        """
        name = str(message.get("do"))
        if name not in self._does:
            raise GraphError(f"'{name}' can't be done here: {_WHY}")
        return self._does[name](message)

    def close(self) -> None:
        """Watch no more."""
        self.attach(None)
        self._watching.close()
        self._gallery.close()

    def _run(self) -> Message:
        self._problem = None
        self._watching.force = None
        self._control.resume()
        return {}

    def _advance(self, frames: int) -> Message:
        self._problem = None
        self._watching.force = self._control.status().index + frames
        self._control.step(frames)
        return {}

    def _look(self, message: Message) -> Message:
        seen = message.get("visible")
        self._watching.visible = None if seen is None else frozenset(map(str, seen))
        self._watching.focus = frozenset(map(str, message.get("focus", ())))
        return {}

    def _stop_at(self, message: Message) -> Message:
        stops = message["stops"]
        found = [condition(self._node(str(s["node"])).name, str(s["expression"])) for s in stops]
        self._conditions = self._watching.conditions = tuple(found)
        return {}

    def _dismiss(self) -> Message:
        self._problem = None
        return {}

    def _node(self, name: str) -> NetNode:
        for node in self._plan.network.nodes:
            if name in (node.name, *node.aliases):
                return node
        raise GraphError(f"the graph has no node '{name}'")

    def _kept(self, node: str, index: int | None) -> Kept | None:
        """A frame that was copied while somebody looked; what is gone can't be computed again here."""
        name = self._node(node).name
        still = next((frame for port, frame in self._stills.items() if port.node == name), None)
        return Kept(still) if still is not None else self._gallery.at_hand(name, index)

    def _frame(self, message: Message) -> Message:
        node, against = str(message["node"]), message.get("against")
        found = self._kept(node, None)
        if found is None:
            return {"none": True}
        other = self._kept(str(against), found.frame.index) if against else None
        told = frame_message(node, found, quick=bool(message.get("quick")))
        return told if other is None else compared(told, found, str(against), other)

    def _probe(self, message: Message) -> Message:
        found = self._kept(str(message["node"]), int(message["index"]))
        if found is None:
            raise GraphError(f"that frame is gone: {_WHY}, and can't go back")
        return probe(found.frame, int(message["x"]), int(message["y"]))

    def _tell(self, kind: str, message: Message) -> None:
        publish = self._publish
        if publish is not None:
            publish(kind, message)

    def _graph(self) -> Message:
        driver = next((s for s in self._plan.sources), "")
        return {
            "is": "graph",
            "protocol": VERSION,
            "version": 1,
            "title": self._title,
            "about": "",
            "file": "in another program",
            "writes": True,
            "can": {"seek": False, "edit": False, "steer": True, "live": True},
            "fixed": _WHY,
            "rate": None,
            "driver": driver,
            **graph_of_plan(self._plan, self._title, {}),
        }

    def _state(self) -> Message:
        status = self._control.status()
        over = self._control.over
        mode = "ended" if over else "running"
        if self._control.paused and not over:
            mode = "paused" if self._control.wait_paused(0) else "pausing"
        extra = {
            "version": 1,
            "problem": self._problem,
            "loop": False,
            "paced": False,
            "stops": [{"node": c.node, "expression": c.expression} for c in self._conditions],
            "edits": [],
            "aside_bytes": self._gallery.keep.nbytes,
        }
        rate = self._pace.see(status.index) if mode == "running" else 0.0
        nodes = nodes_of(status, self._times, self._watching.latest)
        return state_message(status, mode, max(0, status.index), rate, nodes, extra)
