"""What options with units take: sizes in bytes, times in seconds, NAME=VALUE pairs.

Each function reads the text of one option and raises click.BadParameter; click adds its name.
"""

from __future__ import annotations

import re
from fractions import Fraction

import click

_UNITS = {
    "": 1, "b": 1,
    "k": 2**10, "kib": 2**10, "m": 2**20, "mib": 2**20, "g": 2**30, "gib": 2**30, "t": 2**40, "tib": 2**40,
    "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12,
}  # fmt: skip


def size(text: str) -> int:
    """Bytes: 200MiB, 1.5GB, 800M, 100000000."""
    match = re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([a-z]*)\s*", text.lower())
    if match is None or match[2] not in _UNITS:
        raise click.BadParameter(f"'{text}' is no size; write 200MiB, 1.5GB or a number of bytes")
    nbytes = int(Fraction(match[1]) * _UNITS[match[2]])
    if nbytes <= 0:
        raise click.BadParameter("a size is more than 0")
    return nbytes


def time(text: str) -> Fraction:
    """Seconds from the start of a stream: 10, 2.5, 0:10, 1:02:03.5, 200ms."""
    text = text.strip()
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text):
        return Fraction(text)
    from flowgraph.units import Duration  # pydantic is slow to import, and most calls need no time

    try:
        seconds = Duration.parse(text).seconds
    except ValueError:
        seconds = None
    if seconds is None:
        raise click.BadParameter(f"'{text}' is no time; write 10, 2.5, 0:10, 1:02:03 or 200ms")
    return seconds


def pair(text: str) -> tuple[str, str]:
    """NAME=VALUE, split at the first '='."""
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise click.BadParameter(f"'{text}' is not of the form NAME=VALUE")
    return name.strip(), value


def node_pair(text: str) -> tuple[str, str, str]:
    """NODE.PARAM=VALUE, split at the first '=' and the last '.' before it."""
    left, equals, value = text.partition("=")
    node, dot, name = left.strip().rpartition(".")
    if not (equals and dot and node and name):
        raise click.BadParameter(f"'{text}' is not of the form NODE.PARAM=VALUE, as in out.codec=ffv1")
    return node, name, value


def timed_pair(text: str) -> tuple[int, str, str, str]:
    """INDEX:NODE.PARAM=VALUE, split at the first ':'."""
    index, _, rest = text.partition(":")
    try:
        if re.fullmatch(r"\s*[0-9]+\s*", index):
            return (int(index), *node_pair(rest))
    except click.BadParameter:
        pass
    raise click.BadParameter(f"'{text}' is not of the form INDEX:NODE.PARAM=VALUE, as in 50:scene.choice=2")
