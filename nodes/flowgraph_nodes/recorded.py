"""The node type `recorded`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field

from flowgraph.media.recorded import LimitedReader, probe_recorded
from flowgraph.media.request import path_text
from flowgraph.node import Limits, Output, Reader, Source, SourceInfo


class Recorded(Source):
    """Read frames that were recorded bit by bit, such as those in a capsule of a failure.

    They have the pixel format, indexes, times and properties that they had in the run that recorded them.
    """

    path: Annotated[str, BeforeValidator(path_text)] = Field(
        min_length=1, description="a file of recorded frames", json_schema_extra={"format": "path"}
    )

    image = Output("bgr24")

    main = "path"
    example = "image: {type: recorded, path: image.frames}"

    def probe(self, limits: Limits) -> SourceInfo:
        """Read the description and the times of the frames."""
        return probe_recorded(Path(self.path), limits)

    def open(self, info: SourceInfo, limits: Limits) -> Reader:
        """Open the file for reading from its start."""
        return LimitedReader(Path(self.path), limits.frames)
