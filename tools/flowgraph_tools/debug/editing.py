"""Changes of parameters and of the file: live where that is possible, else by compiling again."""

from __future__ import annotations

from threading import RLock
from typing import Any

from flowgraph.cli.watch import Watch
from flowgraph.errors import GraphError
from flowgraph.graph import NetNode
from flowgraph.live import Change
from flowgraph.node import Node
from flowgraph_tools.debug.parameters import Edit, as_options, as_yaml, checked, read, text_of
from flowgraph_tools.debug.protocol import Message
from flowgraph_tools.debug.target import Target, compile_target, expanded, kind_of
from flowgraph_tools.debug.transport import Transport
from flowgraph_tools.debug.unchanged import kept_stills, same_value


class Editing:
    """The edits of one session. A saved file wins over an edit of a parameter that it changes itself."""

    def __init__(self, target: Target, transport: Transport) -> None:
        self._target = target
        self._transport = transport
        self._compiled_in: list[Edit] = []
        self._watch = Watch(target.path)
        self._written = expanded(target, {})[1]
        self._lock = RLock()

    def edits(self) -> list[Edit]:
        """All edits that count, in the order in which they were made."""
        changes = self._transport.collected()
        return [*self._compiled_in, *(Edit(c.index, c.node, c.param, text_of(c.value)) for c in changes)]

    def texts(self) -> Message:
        """The edits as lines of the file, and as options of `flowgraph run`."""
        edits = self.edits()
        return {"yaml": as_yaml(self._transport.compiled, edits), "options": as_options(edits)}

    def set(self, name: str, param: str, text: str) -> Message:
        """Change a parameter: live from a frame on, or in a plan compiled anew that carries on there.

        Raises:
            GraphError: there is no such parameter, or the value is wrong.
        """
        with self._lock:
            node = self.node(name)
            kind = kind_of(node)
            checked(kind, name, param)
            if self.live(node.name, param):
                value: Any = read(kind, node.name, param, text)
                return {"live": True, "from": self._transport.change(node.name, param, value)}
            edits = [*self._without(node.name, param), Edit(-1, node.name, param, text)]
            self._recompile(edits, self._transport.collected())
            return {"live": False, "from": self._transport.frame}

    def reset(self, name: str | None, param: str | None) -> Message:
        """Take back the edits of one parameter, or all."""
        with self._lock:
            changes = self._transport.collected()
            if name is None or param is None:
                self._recompile([], [])
            else:
                node = self.node(name).name
                left = [change for change in changes if (change.node, change.param) != (node, param)]
                self._recompile(self._without(node, param), left)
            return {"from": self._transport.frame}

    def node(self, name: str) -> NetNode:
        """A node of the graph as written, or of the plan.

        Raises:
            GraphError: there is none of that name.
        """
        compiled = self._transport.compiled
        for network in (compiled.network, compiled.plan.network):
            for node in network.nodes:
                if name == node.name or name in node.aliases:
                    return node
        raise GraphError(f"the graph has no node '{name}'")

    def now(self, node: NetNode) -> Node:
        """The node with the parameters that count at present."""
        now = node.node
        for change in self._transport.collected():
            if change.node == node.name:
                now = now.model_copy(update={change.param: change.value})
        return now

    def live(self, name: str, param: str) -> bool:
        """Whether a parameter can change without compiling: the node runs as written, in the last pass."""
        plan = self._transport.plan
        node = next((n for n in plan.network.nodes if name in (n.name, *n.aliases)), None)
        if node is None or param not in type(node.node).live_parameters:
            return False
        where = {
            one.index
            for one in plan.passes
            for firing in (one.stills, *one.lists)
            for step in firing.steps
            if step.name == node.name
        }
        in_stream = any(s.name == node.name for firing in plan.passes[-1].lists for s in firing.steps)
        return in_stream and where == {plan.passes[-1].index}

    def saved(self) -> bool:
        """Compile the file again if it was saved; says whether it was. The old graph runs on if it is wrong.

        Raises:
            GraphError: it is wrong.
        """
        if not self._watch.changed():
            return False
        with self._lock:
            self._watch = Watch(self._target.path)
            why = self._transport.why_fixed()
            if why:
                raise GraphError(f"the file was saved, but the run goes on with the old graph: {why}")
            _, written = expanded(self._target, {})
            kept = [e for e in self._compiled_in if same_value(self._written, written, e.node, e.param)]
            changes = self._transport.collected()
            left = [c for c in changes if same_value(self._written, written, c.node, c.param)]
            self._recompile(kept, left)
            self._written = written
            return True

    def _without(self, node: str, param: str) -> list[Edit]:
        return [edit for edit in self._compiled_in if (edit.node, edit.param) != (node, param)]

    def _recompile(self, edits: list[Edit], changes: list[Change]) -> None:
        why = self._transport.why_fixed()
        if why:
            raise GraphError(f"can't compile again: {why}")
        old = self._transport.compiled
        new = compile_target(self._target, {(edit.node, edit.param): edit.text for edit in edits})
        self._compiled_in = edits
        self._transport.replace(new, kept_stills(old.plan, new.plan, self._transport.stills), changes)
