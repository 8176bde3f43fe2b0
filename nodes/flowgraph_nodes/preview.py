"""The node type `preview`."""

from __future__ import annotations

from pydantic import Field

from flowgraph.frame import Format
from flowgraph.media.window import Window
from flowgraph.node import Input, Sink, SinkInfo, Writer


class Preview(Sink):
    """Show the stream in a window. `q`, Escape or closing the window ends the run in good order."""

    title: str = Field("flowgraph", min_length=1, description="title of the window")
    pace: bool = Field(True, description="as fast as the stream's own time; false: as fast as it can")

    image = Input("bgr24", "gray")

    main = "title"
    example = "watch: {type: preview, in: video}"

    def convert_to(self, format: Format) -> str:
        """What the window shows without converting."""
        return "gray" if format.family == "gray" else "bgr24"

    def open(self, info: SinkInfo) -> Writer:
        """Open the window."""
        return Window(self.title, self.pace, info.still)
