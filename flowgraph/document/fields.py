"""Takes the trees of a graph file apart: what kind a value has, and which keys a mapping may have."""

from __future__ import annotations

import re
from collections.abc import Iterable

from flowgraph.document.tree import Branch, Leaf, Table, Tree
from flowgraph.document.values import show
from flowgraph.errors import GraphError, Place, did_you_mean
from flowgraph.graph import Ref

_NAME = re.compile(r"[^\W\d][\w-]*")
_REF = re.compile(r"(?P<node>[^\W\d][\w-]*(?:/[0-9]+)?)(?:\.(?P<port>[^\W\d]\w*))?")


def table(tree: Tree, what: str, hint: str = "") -> Table:
    """The mapping that `tree` is.

    Raises:
        GraphError: it is something else.
    """
    if isinstance(tree, Table):
        return tree
    raise GraphError(
        f"{what} is a mapping, not {_kind(tree)}", place=tree.place, hint=hint or "write {key: value}"
    )


def branch(tree: Tree, what: str, hint: str = "") -> Branch:
    """The list that `tree` is; raises GraphError for anything else."""
    if isinstance(tree, Branch):
        return tree
    raise GraphError(f"{what} is a list, not {_kind(tree)}", place=tree.place, hint=hint or "write [...]")


def text(tree: Tree, what: str) -> str:
    """The text that `tree` is; raises GraphError for anything else."""
    if isinstance(tree, Leaf) and isinstance(tree.value, str):
        return tree.value
    hint = "put it in quotes" if isinstance(tree, Leaf) and tree.value is not None else ""
    raise GraphError(f"{what} is a text, not {_kind(tree)}", place=tree.place, hint=hint)


def leaf(tree: Tree, what: str) -> Leaf:
    """The scalar that `tree` is; raises GraphError for anything else."""
    if isinstance(tree, Leaf):
        return tree
    raise GraphError(f"{what} is a single value, not {_kind(tree)}", place=tree.place)


def known_keys(found: Table, known: Iterable[str], what: str) -> None:
    """Refuse every key that isn't one of `known`.

    Raises:
        GraphError: an unknown key; the hint names the closest one, or all.
    """
    known = tuple(known)
    for key, place in found.keys.items():
        if key not in known:
            raise GraphError(f"{what}: no key '{key}'", place=place, hint=key_hint(key, known))


def key_hint(key: str, known: Iterable[str]) -> str:
    """What to write in place of an unknown key."""
    known = tuple(known)
    name, colon, _ = key.partition(":")
    if colon and name in known:
        return f"a space is missing after '{name}:'"
    return did_you_mean(key, known) or f"it takes: {', '.join(known)}"


def check_name(name: str, place: Place, what: str) -> None:
    """Refuse what can't be the name of a node, a parameter or a port.

    Raises:
        GraphError: '.', '/' and spaces have other meanings in references.
    """
    if not _NAME.fullmatch(name):
        raise GraphError(
            f"{show(name)} can't be the name of {what}",
            place=place,
            hint="a name is letters, digits, '_' and '-', and begins with a letter",
        )


def ref(tree: Tree, what: str) -> Ref:
    """What `name`, `name.port` or `name/0` refers to.

    Raises:
        GraphError: it isn't a name.
    """
    if isinstance(tree, Leaf) and isinstance(tree.value, str):
        if match := _REF.fullmatch(tree.value):
            return Ref(match["node"], match["port"] or "", tree.place)
        if tree.value.startswith("$"):
            raise GraphError(
                f"{what} is the name of a node, not a parameter",
                place=tree.place,
                hint="parameters stand for values; edges are fixed",
            )
        hint = "write NODE, NODE.PORT, or NODE/0 for a step of a chain"
        raise GraphError(f"{what} is the name of a node, not {show(tree.value)}", place=tree.place, hint=hint)
    raise GraphError(f"{what} is the name of a node, not {_kind(tree)}", place=tree.place)


def _kind(tree: Tree) -> str:
    match tree:
        case Table():
            return "a mapping"
        case Branch():
            return "a list"
        case Leaf(value=None):
            return "nothing"
        case Leaf():
            return show(tree.value)
