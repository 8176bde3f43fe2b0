"""The node type `socket_sink`."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from flowgraph.frame import Format
from flowgraph.media.send import SLOTS, SocketWriter
from flowgraph.media.wire import Address, address_text
from flowgraph.node import Input, Sink, SinkInfo, Writer


class SocketSink(Sink):
    """Offer the stream to other processes of this machine, to any number of them.

    Each reader gets every frame from the moment it joined, and the slowest sets the pace. Readers may come
    and go. Through a Unix socket the pictures go by shared memory. docs/WIRE.md describes the protocol.
    """

    address: Annotated[str, AfterValidator(address_text)] = Field(
        description="where to offer it: unix:/tmp/cam.sock or tcp://127.0.0.1:5000"
    )
    readers: int = Field(
        1, ge=0, le=64, description="readers to wait for before the first frame; 0: unread frames are lost"
    )

    image = Input()

    main = "address"
    example = "out: {type: socket_sink, in: video, address: 'unix:/tmp/cam.sock'}"

    def codec_bytes(self, format: Format) -> int:
        """The shared memory."""
        return SLOTS * format.frame_bytes

    def open(self, info: SinkInfo) -> Writer:
        """Begin to listen."""
        return SocketWriter(Address.parse(self.address), info, self.readers)
