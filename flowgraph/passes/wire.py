"""The second half of `expand`: names in `in:` become edges between ports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from flowgraph.document.scopes import Scope
from flowgraph.errors import GraphError, Place, did_you_mean
from flowgraph.graph import Entry, NetNode, Port, Ref
from flowgraph.library import node_type
from flowgraph.node import Input, Node, ports


@dataclass(frozen=True, slots=True)
class Draft:
    """A node that has its parameters but doesn't know yet whom it reads.

    `entry` is the node, or the step of a chain, as written; `whole` the node with the `in:`, for a step its
    chain. `follows` is the step before it in a chain.
    """

    name: str
    entry: Entry
    node: Node
    scope: Scope
    whole: Entry
    follows: str = ""
    aliases: tuple[str, ...] = ()

    @property
    def head(self) -> str:
        """How errors begin: blur 'glow'."""
        return f"{self.entry.type} '{self.name}'"

    @property
    def place(self) -> Place | None:
        """Where `in:` stands, or the node."""
        return self.whole.places.get("in", self.entry.place)

    @property
    def outputs(self) -> tuple[str, ...]:
        """The names of its outputs."""
        return tuple(ports(type(self.node)).outputs)


def wire(drafts: Sequence[Draft], top: Scope) -> tuple[NetNode, ...]:
    """The nodes with their edges, and in front of them the nodes that they imply.

    Raises:
        GraphError: a name that stands for nothing, an input that reads nothing or too much.
    """
    by_name = {draft.name: draft for draft in drafts}
    nodes = [node for draft in drafts for node in _connect(draft, by_name)]
    aliases: dict[str, list[str]] = {draft.name: list(draft.aliases) for draft in drafts}
    for name, port in _first_outputs(top, by_name):
        if name and port.port == by_name[port.node].outputs[0]:
            aliases[port.node].append(name)
    return tuple(replace(node, aliases=tuple(aliases.get(node.name, ()))) for node in nodes)


def _first_outputs(scope: Scope, drafts: Mapping[str, Draft]) -> Iterator[tuple[str, Port]]:
    """Each graph that has outputs, by the name under which it is inserted, with what its first output is."""
    outputs = [resolve(scope, ref, drafts, f"output '{name}'") for name, ref in scope.graph.outputs.items()]
    if outputs:
        yield scope.prefix.removesuffix("/"), outputs[0]
    for inner in scope.uses.values():
        yield from _first_outputs(inner, drafts)


def _connect(draft: Draft, drafts: Mapping[str, Draft]) -> Iterator[NetNode]:
    """The node with its edges, after those that it implies."""
    inputs = ports(type(draft.node)).inputs
    found: dict[str, tuple[Port, ...]] = {}
    if draft.follows:
        if not inputs:
            raise GraphError(
                f"{draft.head} has no input, so it can't follow a step",
                place=draft.entry.place,
                hint="begin the chain with it",
            )
        before = drafts[draft.follows]
        found[next(iter(inputs))] = (_output(before, Ref(before.name, place=draft.entry.place), draft.head),)
    else:
        for port, refs in _by_port(draft, inputs).items():
            found[port] = tuple(resolve(draft.scope, ref, drafts, draft.head) for ref in refs)
    for port, implied in draft.node.implies().items():
        if port not in found and implied.reads in found:
            node = node_type(implied.type)(**implied.params)
            name = f"{draft.name}+{port}"
            reads = {next(iter(ports(type(node)).inputs)): found[implied.reads][:1]}
            why = f"{draft.head} has nothing at '{port}' and takes this of '{implied.reads}'"
            yield NetNode(name, implied.type, node, reads, place=draft.entry.place, implied=why)
            found[port] = (Port(name, next(iter(ports(type(node)).outputs))),)
    _check_all(draft, inputs, found)
    ordered = {port: found[port] for port in inputs if port in found}
    yield NetNode(draft.name, draft.entry.type, draft.node, ordered, place=draft.entry.place)


def _by_port(draft: Draft, inputs: Mapping[str, Input]) -> dict[str, tuple[Ref, ...]]:
    """What is written in `in:`, by port. A list goes to the ports in their order."""
    written = dict(draft.whole.inputs)
    if "" in written:
        return _in_order(draft, inputs, written[""])
    for port, refs in written.items():
        if port not in inputs:
            raise GraphError(
                f"{draft.head}: no input is called '{port}'",
                place=draft.whole.places.get(f"in.{port}:", draft.place),
                hint=did_you_mean(port, inputs) or _listed(inputs),
            )
        if len(refs) > 1 and not inputs[port].variadic:
            raise GraphError(
                f"{draft.head}: input '{port}' takes one stream, got {len(refs)}",
                place=draft.whole.places.get(f"in.{port}", draft.place),
            )
    return written


def _in_order(draft: Draft, inputs: Mapping[str, Input], refs: tuple[Ref, ...]) -> dict[str, tuple[Ref, ...]]:
    needed = sum(1 for port in inputs.values() if not port.variadic and not port.optional)
    variadic = any(port.variadic for port in inputs.values())
    if len(refs) > len(inputs) and not variadic:
        raise GraphError(
            f"{draft.head} takes {_count(len(inputs))}, got {len(refs)}",
            place=refs[len(inputs)].place or draft.place,
            hint=_listed(inputs),
        )
    found: dict[str, tuple[Ref, ...]] = {}
    left = list(refs)
    for name, port in inputs.items():
        # Beside a variadic port an optional one is only reached by its name.
        count = max(0, len(refs) - needed) if port.variadic else int(not (variadic and port.optional))
        taken, left = left[:count], left[count:]
        if taken:
            found[name] = tuple(taken)
    return found


def _check_all(draft: Draft, inputs: Mapping[str, Input], found: Mapping[str, tuple[Port, ...]]) -> None:
    for name, port in inputs.items():
        count = len(found.get(name, ()))
        if count == 0 and not port.optional:
            message = f"{draft.head}: input '{name}' reads nothing"
            raise GraphError(message, place=draft.place, hint=_how_to_read(draft, inputs))
        if port.variadic and 0 < count < port.least:
            message = f"{draft.head}: input '{name}' takes at least {port.least} streams, got {count}"
            raise GraphError(message, place=draft.place, hint="write 'in: [NODE, NODE, ...]'")


def _how_to_read(draft: Draft, inputs: Mapping[str, Input]) -> str:
    if draft.follows:
        return "a step reads the one before it; what reads more is a node of its own"
    if len(inputs) == 1:
        return "write 'in: NODE'"
    return f"write 'in: {{{', '.join(f'{port}: NODE' for port in inputs)}}}'"


def _count(number: int) -> str:
    return "1 input" if number == 1 else f"{number or 'no'} inputs"


def _listed(inputs: Mapping[str, Input]) -> str:
    return f"its inputs are: {', '.join(inputs)}" if inputs else "leave 'in' out"


def resolve(
    scope: Scope, ref: Ref, drafts: Mapping[str, Draft], head: str, seen: tuple[tuple[str, Ref], ...] = ()
) -> Port:
    """The output that a name in `scope` stands for, through inserted graphs; `head` begins errors.

    Raises:
        GraphError: it stands for nothing.
    """
    if (step := (scope.prefix, ref)) in seen:
        _, outermost = min(seen, key=lambda way: len(way[0]))
        message = f"{head}: '{outermost}' only reads itself, through inserted graphs"
        raise GraphError(message, place=outermost.place)
    seen = (*seen, step)
    if ref.node in scope.inputs:
        if ref.port:
            raise GraphError(f"{head}: input '{ref.node}' has no outputs of its own", place=ref.place)
        outer, fed = scope.inputs[ref.node]
        return resolve(outer, fed, drafts, head, seen)
    if inner := scope.uses.get(ref.node):
        outputs = inner.graph.outputs
        if not outputs or (ref.port and ref.port not in outputs):
            raise _no_output(head, ref, f"the graph '{ref.node}'", tuple(outputs))
        return resolve(inner, outputs[ref.port or next(iter(outputs))], drafts, head, seen)
    full = scope.prefix + ref.node
    for draft in drafts.values():
        if full == draft.name or full in draft.aliases:
            return _output(draft, ref, head)
    raise _no_node(scope, ref, head)


def _output(draft: Draft, ref: Ref, head: str) -> Port:
    if not draft.outputs or (ref.port and ref.port not in draft.outputs):
        raise _no_output(head, ref, f"{draft.entry.type} '{ref.node}'", draft.outputs)
    further = ref.port not in ("", draft.outputs[0])
    return Port(draft.name, ref.port or draft.outputs[0], further)


def _no_output(head: str, ref: Ref, what: str, outputs: tuple[str, ...]) -> GraphError:
    if not outputs:
        return GraphError(f"{head}: {what} has no output to read", place=ref.place)
    close = did_you_mean(ref.port, outputs)
    hint = close or f"its outputs are: {', '.join(outputs)}"
    return GraphError(f"{head}: {what} has no output '{ref.port}'", place=ref.place, hint=hint)


def _no_node(scope: Scope, ref: Ref, head: str) -> GraphError:
    lines: dict[str, Place | None] = dict.fromkeys(scope.inputs)
    for entry in scope.graph.nodes:
        lines[entry.name] = entry.place
        lines |= {step.name: step.place for step in entry.chain}
    hint = did_you_mean(ref.node, lines)
    for name, place in lines.items():
        if place and hint == f"did you mean '{name}'?":
            hint = f"did you mean '{name}' (line {place.line})?"
    names = ", ".join(name for name in lines if "/" not in name)
    message = f"{head}: no node is called '{ref.node}'"
    return GraphError(message, place=ref.place, hint=hint or f"the nodes are: {names}")
