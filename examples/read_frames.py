"""Reads the frames that a graph's `socket_sink` offers, without flowgraph; docs/WIRE.md has the protocol.

python read_frames.py unix:/tmp/cam.sock    or    tcp://127.0.0.1:5000
"""

import mmap
import socket
import sys
from collections.abc import Iterator
from typing import Any

import msgpack  # type: ignore[import-untyped]  # it ships no types
import numpy as np


def receive(line: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        if not (part := line.recv(count - len(data))):
            raise EOFError("the sender went away")
        data += part
    return data


def message(line: socket.socket, head: bytes = b"") -> dict[str, Any]:
    length = int.from_bytes(head or receive(line, 4), "big")
    return dict(msgpack.unpackb(receive(line, length)))


def send(line: socket.socket, **values: Any) -> None:
    packed: bytes = msgpack.Packer().pack(values)
    line.sendall(len(packed).to_bytes(4, "big") + packed)


def frames(address: str) -> Iterator[tuple[dict[str, Any], list[np.ndarray[Any, Any]]]]:
    """Yield (message, planes) of each frame; the planes are valid until the next one is asked for."""
    kind, _, place = address.partition(":")
    host, _, port = place.removeprefix("//").rpartition(":")
    with socket.socket(socket.AF_UNIX if kind == "unix" else socket.AF_INET) as line:
        line.connect(place if kind == "unix" else (host, int(port)))
        send(line, flowgraph=1, want="frames", shared=kind == "unix")
        head, fds = socket.recv_fds(line, 4, 1)[:2] if kind == "unix" else (b"", [])
        hello = message(line, head)
        memory = mmap.mmap(fds[0], 0, access=mmap.ACCESS_READ) if fds else None
        while "frame" in (note := message(line)):
            start = note["slot"] * hello["slot_bytes"] if memory else 0
            data = memory or receive(line, note["bytes"])
            planes: list[np.ndarray[Any, Any]] = []
            for shape, dtype in hello["planes"]:
                planes += [np.frombuffer(data, dtype, int(np.prod(shape)), start).reshape(shape)]
                start += planes[-1].nbytes
            yield note, planes
            if memory:
                send(line, done=note["slot"])


if __name__ == "__main__":
    for note, planes in frames(sys.argv[1]):
        print(f"frame {note['frame']}: {planes[0].shape}, mean {planes[0].mean():.1f}")
