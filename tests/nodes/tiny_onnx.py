"""Writes tiny ONNX networks: just enough of protobuf for one convolution and what comes after it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

FLOAT = 1


def _varint(value: int) -> bytes:
    rest = value >> 7
    return bytes([value & 127 | (128 if rest else 0)]) + (_varint(rest) if rest else b"")


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, value: bytes | str) -> bytes:
    raw = value.encode() if isinstance(value, str) else value
    return _varint(field << 3 | 2) + _varint(len(raw)) + raw


def _tensor(name: str, values: Sequence[object]) -> bytes:
    array = np.asarray(values, np.float32)
    shape = b"".join(_number(1, size) for size in array.shape)
    return shape + _number(2, FLOAT) + _bytes(8, name) + _bytes(9, array.tobytes())


def _port(name: str, shape: Sequence[int]) -> bytes:
    sizes = b"".join(_bytes(1, _number(1, size)) for size in shape)
    return _bytes(1, name) + _bytes(2, _bytes(1, _number(1, FLOAT) + _bytes(2, sizes)))


def _node(kind: str, inputs: Sequence[str], outputs: Sequence[str]) -> bytes:
    names = [_bytes(1, name) for name in inputs] + [_bytes(2, name) for name in outputs]
    return b"".join(names) + _bytes(4, kind)


def pointwise(weights: Sequence[Sequence[float]], after: str, side: int) -> bytes:
    """A network of side x side pixels: a weighted sum of the three channels for each class, then `after`."""
    classes = len(weights)
    nodes = [_node("Conv", ["image", "weights", "bias"], ["sum"]), _node(after, ["sum"], ["mask"])]
    kernel = _tensor("weights", [[[[w]] for w in row] for row in weights])
    graph = [
        *(_bytes(1, node) for node in nodes),
        _bytes(2, "tiny"),
        _bytes(5, kernel),
        _bytes(5, _tensor("bias", [0.0] * classes)),
        _bytes(11, _port("image", (1, 3, side, side))),
        _bytes(12, _port("mask", (1, classes, side, side))),
    ]
    return _number(1, 8) + _bytes(8, _bytes(1, "") + _number(2, 13)) + _bytes(7, b"".join(graph))
