"""The node type `socket_source`."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from flowgraph.media.receive import StreamReader, probe_stream
from flowgraph.media.wire import Address, address_text
from flowgraph.node import Limits, Output, Reader, Source, SourceInfo


class SocketSource(Source):
    """Read the frames that a `socket_sink`, or another program, offers on this machine.

    Through a Unix socket the pictures come in shared memory. When the sender goes away without having said
    that its stream has ended, the source waits for it to come back. docs/WIRE.md describes the protocol.
    """

    address: Annotated[str, AfterValidator(address_text)] = Field(
        description="where the stream is offered: unix:/tmp/cam.sock or tcp://127.0.0.1:5000"
    )
    wait: float = Field(10, ge=0, le=86400, description="seconds to wait for a sender")

    image = Output("bgr24")

    main = "address"
    example = "video: {type: socket_source, address: 'unix:/tmp/cam.sock'}"

    def probe(self, limits: Limits) -> SourceInfo:
        """Ask the sender what its frames are."""
        return probe_stream(Address.parse(self.address), self.wait, limits)

    def open(self, info: SourceInfo, limits: Limits) -> Reader:
        """Make ready to read; the first read connects."""
        return StreamReader(Address.parse(self.address), info.format, self.wait, limits)
