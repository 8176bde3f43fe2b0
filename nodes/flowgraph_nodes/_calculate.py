"""Expressions computed on bands of samples, in working arrays that were made beforehand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any, Final, TypeAlias

import numpy as np

from flowgraph.frame import Plane
from flowgraph_nodes._expression import Call, Name, Number, Tree, names_in

Value: TypeAlias = Any
"""A number, or a working array that holds one for each sample."""

_MANY: Final = 8

_UFUNCS: Final[Mapping[str, np.ufunc]] = {
    "abs": np.abs, "negative": np.negative, "not": np.logical_not, "min": np.minimum, "max": np.maximum,
    "sin": np.sin, "cos": np.cos, "tan": np.tan, "atan2": np.arctan2, "sqrt": np.sqrt, "exp": np.exp,
    "log": np.log, "pow": np.power, "hypot": np.hypot, "floor": np.floor, "ceil": np.ceil, "round": np.rint,
    "+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "%": np.mod, "<": np.less,
    "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal, "==": np.equal, "!=": np.not_equal,
    "and": np.logical_and, "or": np.logical_or,
}  # fmt: skip

FUNCTIONS: Final[Mapping[str, tuple[int, int]]] = {
    **dict.fromkeys(("abs", "sin", "cos", "tan", "sqrt", "exp", "log", "floor", "ceil", "round"), (1, 1)),
    **dict.fromkeys(("atan2", "pow", "hypot"), (2, 2)),
    **dict.fromkeys(("min", "max"), (2, _MANY)),
    **dict.fromkeys(("clip", "between", "if"), (3, 3)),
}
"""What a written expression can call, with the least and the most number of values."""


def lower(tree: Tree) -> Tree:
    """The same expression of functions of one or two values, and `if`."""
    if not isinstance(tree, Call):
        return tree
    values = [lower(argument) for argument in tree.arguments]
    if tree.function in ("min", "max"):
        return reduce(lambda left, right: Call(tree.function, (left, right)), values)
    if tree.function == "clip":
        value, low, high = values
        return Call("min", (Call("max", (value, low)), high))
    if tree.function == "between":
        value, low, high = values
        return Call("and", (Call(">=", (value, low)), Call("<=", (value, high))))
    return Call(tree.function, tuple(values))


def arrays_needed(tree: Tree, fixed: frozenset[str]) -> int:
    """How many working arrays `Calculator` uses; `fixed` names what is one number for all samples."""
    if names_in(tree) <= fixed:
        return 0
    if not isinstance(tree, Call):
        return 1
    most = held = 0
    for argument in tree.arguments:
        needed = arrays_needed(argument, fixed)
        most, held = max(most, held + needed), held + (needed > 0)
    return most


class Calculator:
    """Computes expressions on one band: `load` writes a variable's samples, `fixed` holds the others."""

    def __init__(
        self,
        fixed: Mapping[str, float],
        load: Callable[[str, Plane], None],
        arrays: Sequence[Plane],
        mask: Plane,
    ) -> None:
        self._fixed, self._load, self._arrays, self._mask = fixed, load, arrays, mask

    def value(self, tree: Tree, first: int = 0) -> Value:
        """The expression's value: a number, or the working array number `first`; those before it are kept."""
        if isinstance(tree, Number):
            return np.float64(tree.value)
        if isinstance(tree, Name):
            if tree.name in self._fixed:
                return np.float64(self._fixed[tree.name])
            self._load(tree.name, self._arrays[first])
            return self._arrays[first]
        values: list[Value] = []
        held = first
        for argument in tree.arguments:
            values.append(self.value(argument, held))
            held += isinstance(values[-1], np.ndarray)
        if tree.function == "if":
            return self._choose(values, self._arrays[first] if held > first else None)
        if held == first:
            return np.float64(_UFUNCS[tree.function](*values))
        return _UFUNCS[tree.function](*values, out=self._arrays[first])

    def _choose(self, values: list[Value], out: Plane | None) -> Value:
        test, then, other = values
        if isinstance(test, np.ndarray):
            np.not_equal(test, 0, out=self._mask)
            np.copyto(test, other)
            np.copyto(test, then, where=self._mask)
            return test
        chosen = then if test else other
        if out is not None and chosen is not out:
            np.copyto(out, chosen)
        return chosen if out is None else out
