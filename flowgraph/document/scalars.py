"""Writes single values as YAML that strict readers and plain PyYAML understand alike."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping

import yaml

from flowgraph.document.tree import read_plain
from flowgraph.document.values import written

# Letters and signs that never end or begin anything in a flow mapping.
_PLAIN = re.compile(r"[\w./$](?:[\w./$%+*=@~()'! -]*[\w./$%+*=@~()'!-])?")
_PROSE = re.compile(r"\w(?:[\w./$%+*=@~()'!,;? -]*[\w./$%+*=@~()'!,;?])?")
_OLD_BOOLS = ("y", "Y", "n", "N")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def flow(value: object) -> str:
    """A value in flow style: `{frames: 5}`, `[1, -1]`, `"16:9"`.

    Raises:
        TypeError: graph files can't hold such a value.
    """
    match written(value):
        case None:
            return "null"
        case bool() as truth:
            return "true" if truth else "false"
        case int() as number:
            return str(number)
        case float() as number:
            return _float(number)
        case str() as text:
            return text if _PLAIN.fullmatch(text) and _means_itself(text) else quoted(text)
        case tuple() as items:
            return f"[{', '.join(flow(item) for item in items)}]"
        case Mapping() as items:
            return f"{{{', '.join(f'{key_text(key)}: {flow(item)}' for key, item in items.items())}}}"
        case other:
            raise TypeError(f"{other!r} was not made plain")


def key_text(key: str) -> str:
    """A key, in quotes where it needs them."""
    return flow(key)


def prose(key: str, text: str) -> Iterator[str]:
    """The lines of `key: text` at the top of a file, several lines of text as a block."""
    lines = text.removesuffix("\n").split("\n")
    if len(lines) > 1 and _fits_block(lines):
        yield f"{key}: |" if text.endswith("\n") else f"{key}: |-"
        yield from (f"  {line}" if line else "" for line in lines)
    else:
        yield f"{key}: {text if _PROSE.fullmatch(text) and _means_itself(text) else quoted(text)}"


def quoted(text: str) -> str:
    """A text in double quotes with YAML's escapes."""
    return f'"{"".join(_ESCAPES.get(sign) or _sign(sign) for sign in text)}"'


def _sign(sign: str) -> str:
    if sign.isprintable():
        return sign
    code = ord(sign)
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"


def _fits_block(lines: list[str]) -> bool:
    """A block's first line tells its indentation, and blank lines at its end are dropped."""
    plain = all(line.isprintable() and (not line or line.strip()) for line in lines)
    return plain and bool(lines[0]) and lines[0][0] != " " and bool(lines[-1])


def _means_itself(text: str) -> bool:
    """Whether readers of YAML 1.2 and of 1.1 take the bare text for text."""
    if len(text) > 1000:
        return False
    try:
        new = isinstance(read_plain(text), str)
    except ValueError:
        return False
    old = yaml.SafeLoader.yaml_implicit_resolvers.get(text[:1], [])
    return new and text not in _OLD_BOOLS and not any(pattern.match(text) for _, pattern in old)


def _float(number: float) -> str:
    if math.isnan(number):
        return ".nan"
    if math.isinf(number):
        return ".inf" if number > 0 else "-.inf"
    # YAML 1.1 wants a point in front of an exponent.
    mantissa, e, exponent = repr(number).partition("e")
    return mantissa if not e else f"{mantissa if '.' in mantissa else mantissa + '.0'}e{exponent}"
