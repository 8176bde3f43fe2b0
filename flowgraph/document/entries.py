"""Reads what stands under `nodes:`: a node with its parameters, a chain of steps, or another graph."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flowgraph.document.fields import branch, key_hint, known_keys, ref, table, text
from flowgraph.document.tree import Branch, Leaf, Table, Tree, value_of
from flowgraph.errors import GraphError, Place, did_you_mean
from flowgraph.graph import Entry, Ref

KINDS = ("type", "chain", "use")
RESERVED = ("type", "in", "chain", "use", "with")
"""Keys of a node that can't be names of parameters."""
MAIN = ""
"""In a step's parameters: the value of the short form, `{delay: 5}`, that of the type's main parameter."""


def read_entry(name: str, place: Place, tree: Tree) -> Entry:
    """The node `name`.

    `Entry.places` holds for each key the place of its value, under "KEY:" that of the key itself, and under
    "KEY.1" or "KEY.name" those of items inside of it.

    Raises:
        GraphError: a key is missing, unknown or has a value of the wrong kind.
    """
    what = f"node '{name}'"
    found = table(tree, what, "write {type: ...}")
    kinds = [key for key in KINDS if key in found.items]
    if not kinds:
        wrong = next((key for key in found.keys if did_you_mean(key, KINDS)), None)
        forms = "write 'type: NAME', 'chain: [STEP, ...]' or 'use: FILE'"
        raise GraphError(
            f"{what} has no type",
            place=found.keys[wrong] if wrong else place,
            hint=key_hint(wrong, KINDS) if wrong else forms,
        )
    if len(kinds) > 1:
        raise GraphError(
            f"{what} has both '{kinds[0]}' and '{kinds[1]}'",
            place=found.keys[kinds[1]],
            hint="give one of them",
        )
    inputs = _read_inputs(found.items["in"]) if "in" in found.items else {}
    places = _places(found)
    if kinds[0] == "chain":
        known_keys(found, ("in", "chain"), what)
        return Entry(name, inputs=inputs, chain=_read_chain(name, found), place=place, places=places)
    if kinds[0] == "use":
        for key in (key for key in found.keys if key not in ("use", "in", "with")):
            hint = f"parameters of an inserted graph stand below 'with': {{{key}: ...}}"
            raise GraphError(f"{what}: no key '{key}'", place=found.keys[key], hint=hint)
        values = table(found.items["with"], "'with'") if "with" in found.items else Table({}, place)
        file = text(found.items["use"], "'use'")
        return Entry(
            name,
            use=file,
            params=_values(values),
            inputs=inputs,
            place=place,
            places=places | _places(values),
        )
    if "with" in found.items:
        hint = "parameters stand beside 'type'; 'with' goes with 'use'"
        raise GraphError(f"{what}: no key 'with'", place=found.keys["with"], hint=hint)
    params = {key: value for key, value in _values(found).items() if key not in RESERVED}
    return Entry(name, text(found.items["type"], "'type'"), params, inputs, place=place, places=places)


def _read_inputs(tree: Tree) -> dict[str, tuple[Ref, ...]]:
    if not isinstance(tree, Table):
        return {"": _read_refs(tree)}
    if not tree.items:
        raise GraphError("'in' is empty", place=tree.place, hint="write 'in: NODE'")
    return {port: _read_refs(item) for port, item in tree.items.items()}


def _read_refs(tree: Tree) -> tuple[Ref, ...]:
    if not isinstance(tree, Branch):
        return (ref(tree, "what a node reads"),)
    if not tree.items:
        raise GraphError("'in' is empty", place=tree.place, hint="write 'in: NODE'")
    return tuple(ref(item, "what a node reads") for item in tree.items)


def _read_chain(name: str, found: Table) -> tuple[Entry, ...]:
    steps = branch(found.items["chain"], "'chain'", "write 'chain: [invert, {delay: 5}]'")
    if not steps.items:
        raise GraphError("'chain' is empty", place=steps.place, hint="write 'chain: [invert, {delay: 5}]'")
    return tuple(_read_step(f"{name}/{i}", step) for i, step in enumerate(steps.items))


def _read_step(name: str, tree: Tree) -> Entry:
    """One step: `invert`, `{delay: 5}`, or `{blur: {sigma: 3}}`."""
    if isinstance(tree, Leaf):
        return Entry(name, text(tree, "a step"), place=tree.place, places={"type": tree.place})
    step = table(tree, "a step", "write TYPE, {TYPE: VALUE} or {TYPE: {PARAMETER: VALUE}}")
    if len(step.items) != 1:
        raise GraphError(
            f"a step is one type, not {len(step.items)} keys",
            place=step.place,
            hint="write TYPE, {TYPE: VALUE} or {TYPE: {PARAMETER: VALUE}}",
        )
    ((kind, value),) = step.items.items()
    place = step.keys[kind]
    if isinstance(value, Table):
        for key in RESERVED:
            if key in value.items:
                raise GraphError(
                    f"step '{kind}': no key '{key}'",
                    place=value.keys[key],
                    hint="a step reads the one before it; what reads more is a node of its own",
                )
        return Entry(name, kind, _values(value), place=place, places=_places(value) | {"type": place})
    if isinstance(value, Leaf) and value.value is None:
        raise GraphError(f"step '{kind}' has no value", place=place, hint=f"write '{kind}' alone, or a value")
    places = {"type": place, MAIN: value.place} | _inner_places(MAIN, value)
    return Entry(name, kind, {MAIN: value_of(value)}, place=place, places=places)


def _values(found: Table) -> Mapping[str, Any]:
    return {key: value_of(item) for key, item in found.items.items()}


def _places(found: Table) -> dict[str, Place]:
    places: dict[str, Place] = {}
    for key, item in found.items.items():
        places[key] = item.place
        places[f"{key}:"] = found.keys[key]
        places |= _inner_places(key, item)
    return places


def _inner_places(key: str, tree: Tree) -> dict[str, Place]:
    places: dict[str, Place] = {}
    match tree:
        case Branch():
            inner = {str(i): item for i, item in enumerate(tree.items)}
        case Table():
            inner = dict(tree.items)
            places = {f"{key}.{name}:": place for name, place in tree.keys.items()}
        case Leaf():
            return {}
    for name, item in inner.items():
        places[f"{key}.{name}"] = item.place
        places |= _inner_places(f"{key}.{name}", item)
    return places
