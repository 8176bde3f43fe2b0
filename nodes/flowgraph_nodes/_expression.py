"""Arithmetic expressions, read by a small parser of its own: numbers, names, operators and functions only."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NoReturn, TypeAlias

from flowgraph.errors import did_you_mean


@dataclass(frozen=True, slots=True)
class Number:
    """A number that was written."""

    value: float


@dataclass(frozen=True, slots=True)
class Name:
    """A variable."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function of some expressions; an operator is one under its own sign."""

    function: str
    arguments: tuple[Tree, ...]


Tree: TypeAlias = Number | Name | Call

OPERATORS: Final[Sequence[Sequence[str]]] = (
    ("or",), ("and",), (), ("<", "<=", ">", ">=", "==", "!="), ("+", "-"), ("*", "/", "%"),
)  # fmt: skip
"""Operators between two values, those that bind least first; all group from the left."""

_NOT: Final = 2
"""The level of `not`: not a == b is not (a == b)."""

_CONSTANTS: Final = {"PI": 3.141592653589793, "E": 2.718281828459045}
_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)"
    r"|(?P<word>[A-Za-z_][A-Za-z_0-9]*)|(?P<sign>\*\*|<=|>=|==|!=|[-+*/%^<>(),])|(?P<end>$))"
)
_MOST_CHARACTERS: Final = 1000
_MOST_LEVELS: Final = 24


def parse(text: str, names: Sequence[str], functions: Mapping[str, tuple[int, int]]) -> Tree:
    """Read an expression of `names` and `functions` (each with the least and most number of its arguments).

    Raises:
        ValueError: it is no such expression; the message says where.
    """
    if len(text) > _MOST_CHARACTERS:
        raise ValueError(f"an expression has at most {_MOST_CHARACTERS} characters, got {len(text)}")
    return _Parser(text, names, functions).whole()


class _Parser:
    """Reads one expression from the left to the right, one token ahead."""

    def __init__(self, text: str, names: Sequence[str], functions: Mapping[str, tuple[int, int]]) -> None:
        self._text, self._names, self._functions = text, names, functions
        self._next = 0
        self._levels = 0
        self._advance()

    def whole(self) -> Tree:
        """The expression up to the end of the text."""
        tree = self._binary(0)
        if self._kind != "end":
            self._refuse(f"expected an operator, got '{self._token}'")
        return tree

    def _advance(self) -> None:
        match = _TOKEN.match(self._text, self._next)
        if match is None:
            self._at = self._next + len(self._text[self._next :]) - len(self._text[self._next :].lstrip())
            self._refuse(f"'{self._text[self._at]}' means nothing here")
        self._kind = match.lastgroup or "end"
        self._token, self._at, self._next = match[self._kind], match.start(self._kind), match.end()

    @property
    def _seen(self) -> str:
        return f"'{self._token}'" if self._token else "the end"

    def _refuse(self, what: str, at: int | None = None) -> NoReturn:
        place = self._at if at is None else at
        raise ValueError(f"character {place + 1} of '{self._text}': {what}")

    def _binary(self, level: int) -> Tree:
        if level == len(OPERATORS):
            return self._signed()
        if level == _NOT and self._token == "not":
            self._advance()
            return self._deeper(lambda: Call("not", (self._binary(_NOT),)))
        left = self._binary(level + 1)
        while self._token in OPERATORS[level]:
            operator = self._token
            self._advance()
            left = Call(operator, (left, self._binary(level + 1)))
        return left

    def _signed(self) -> Tree:
        """A power with signs before it: -a ** 2 is -(a ** 2)."""
        if self._token in ("-", "+"):
            negative = self._token == "-"
            self._advance()
            value = self._deeper(self._signed)
            return Call("negative", (value,)) if negative else value
        tree = self._deeper(self._value)
        if self._token in ("**", "^"):
            self._advance()
            tree = Call("pow", (tree, self._deeper(self._signed)))
        return tree

    def _deeper(self, read: Callable[[], Tree]) -> Tree:
        self._levels += 1
        if self._levels > _MOST_LEVELS:
            self._refuse(f"more than {_MOST_LEVELS} levels")
        tree = read()
        self._levels -= 1
        return tree

    def _value(self) -> Tree:
        token, kind, at = self._token, self._kind, self._at
        if kind == "number":
            self._advance()
            return Number(float(token))
        if token == "(":
            self._advance()
            tree = self._binary(0)
            self._expect(")")
            return tree
        if kind != "word" or token in ("and", "or", "not"):
            self._refuse(f"expected a number, a name or '(', got {self._seen}")
        self._advance()
        if token in self._functions and self._token == "(":
            return self._call(token, at)
        if token in _CONSTANTS:
            return Number(_CONSTANTS[token])
        if token not in self._names:
            known = ", ".join((*self._names, *_CONSTANTS, *(f"{name}()" for name in self._functions)))
            hint = did_you_mean(token, (*self._names, *self._functions))
            self._refuse(f"nothing is called '{token}'; {hint or f'there are {known}'}", at)
        return Name(token)

    def _call(self, function: str, at: int) -> Tree:
        self._advance()
        arguments = [self._binary(0)]
        while self._token == ",":
            self._advance()
            arguments.append(self._binary(0))
        self._expect(")")
        least, most = self._functions[function]
        if not least <= len(arguments) <= most:
            count = f"{least}" if least == most else f"{least} to {most}"
            self._refuse(f"{function}() takes {count} values, got {len(arguments)}", at)
        return Call(function, tuple(arguments))

    def _expect(self, sign: str) -> None:
        if self._token != sign:
            self._refuse(f"expected '{sign}', got {self._seen}")
        self._advance()


def names_in(tree: Tree) -> frozenset[str]:
    """The variables that an expression reads."""
    if isinstance(tree, Call):
        return frozenset[str]().union(*(names_in(argument) for argument in tree.arguments))
    return frozenset({tree.name}) if isinstance(tree, Name) else frozenset()
