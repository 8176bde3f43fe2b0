"""Small node types for the tests of `expand`, so that no change of the node library touches those."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from flowgraph.errors import GraphError, did_you_mean
from flowgraph.frame import EMPTY
from flowgraph.node import Implied, Input, Node, Output, Sink, Source
from flowgraph.units import Duration, Level


class Camera(Source):
    path: Path
    keyframes: bool = False

    image = Output("bgr24")

    main: ClassVar[str] = "path"


class Delay(Node):
    frames: Duration = Duration(1)

    image = Input()
    delayed = Output(like=image, forward=True)

    main: ClassVar[str] = "frames"


class Invert(Node):
    image = Input()
    inverted = Output(like=image)


class Blur(Node):
    sigma: Annotated[float, Field(gt=0, le=100, description="standard deviation")]
    kind: Literal["gaussian", "box"] = "gaussian"

    image = Input()
    blurred = Output(like=image)

    main: ClassVar[str] = "sigma"


class Threshold(Node):
    level: Level = Level(50, percent=True)

    image = Input()
    mask = Output(like=image)

    main: ClassVar[str] = "level"


class Mix(Node):
    weights: tuple[float, ...] = ()
    times: int = Field(default=1, ge=1, le=9)

    images = Input(variadic=True, least=2)
    mixed = Output(like=images)

    main: ClassVar[str] = "weights"

    def check(self) -> None:
        if self.weights and sum(self.weights) == 0:
            raise ValueError("the weights sum to zero")


class Blend(Node):
    mode: str = "normal"

    top = Input()
    bottom = Input(like=top)
    blended = Output(like=top)


class Motion(Node):
    """Takes the frame before where nothing is connected to `before`."""

    now = Input()
    before = Input(like=now, optional=True)
    moved = Output(like=now)

    def implies(self) -> Mapping[str, Implied]:
        return {"before": Implied("delay", {"frames": 2}, "now")}


class Over(Node):
    images = Input(variadic=True)
    mask = Input(optional=True)
    result = Output(like=images)


class Both(Node):
    image = Input()
    low = Output(like=image)
    high = Output(like=image)


class Label(Node):
    text: str
    font: Path | None = None
    steps: tuple[Path, ...] = ()
    count: int = 1

    image = Input()
    labelled = Output(like=image)

    def check(self) -> None:
        if not self.text:
            raise GraphError("text is empty", hint="write a text")


class Writer(Sink):
    path: Path = Path("out.mp4")
    codec: str = ""

    image = Input()


KINDS: Mapping[str, type[Node]] = {
    "source": Camera,
    "delay": Delay,
    "invert": Invert,
    "blur": Blur,
    "threshold": Threshold,
    "mix": Mix,
    "blend": Blend,
    "motion": Motion,
    "over": Over,
    "both": Both,
    "label": Label,
    "sink": Writer,
}


def node_type(name: str, own: Mapping[str, type[Node]] = EMPTY) -> type[Node]:
    """Stands in for the library's."""
    kinds = {**KINDS, **own}
    if name not in kinds:
        raise GraphError(f"no node type is called '{name}'", hint=did_you_mean(name, kinds))
    return kinds[name]
