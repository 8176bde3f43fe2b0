"""Makes a node type of a function on arrays: one picture in, one picture out."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from inspect import Parameter
from types import new_class
from typing import Any, ClassVar, overload

import numpy as np

from flowgraph.errors import GraphError
from flowgraph.frame import PIXEL_FORMATS, Frame, Plane
from flowgraph.node import Formats, Input, Node, Output

Function = Callable[..., Any]


class FunctionNode(Node):
    """Base of the node types that `per_frame` makes."""

    function: ClassVar[Function]
    fills: ClassVar[bool]
    """Whether the function writes into `out`; otherwise it returns its picture."""

    def process(self, image: Frame, picture: Frame) -> None:
        """Call the function with the picture and the parameters."""
        function = type(self).function
        given = {name: getattr(self, name) for name in type(self).model_fields}
        if self.fills:
            function(image.data, picture.data, **given)
            return
        made = np.asarray(function(image.data, **given))
        target: Plane = picture.data
        if made.shape != target.shape or made.dtype != target.dtype:
            raise ValueError(
                f"it returned {made.dtype} of shape {made.shape}; a picture of {target.dtype} and shape"
                f" {target.shape} is needed (np.clip and .astype({str(target.dtype)!r}) make one)"
            )
        np.copyto(target, made)

    def temporaries(self, formats: Formats) -> int:
        """What it returns, and as much again on the way there."""
        return 0 if self.fills else 2 * formats["image"].frame_bytes

    def notes(self, formats: Formats) -> tuple[str, ...]:
        """That nobody knows what a function allocates."""
        name = type(self).__name__
        counted = "nothing is" if self.fills else "two pictures are"
        return (f"what the function '{name}' allocates can't be known beforehand: {counted} counted for it",)


@overload
def per_frame(function: Function, /) -> type[Node]: ...
@overload
def per_frame(*formats: str) -> Callable[[Function], type[Node]]: ...
def per_frame(*given: Any) -> Any:
    """Make a node type of a function that makes one picture of one picture.

        @flowgraph.per_frame
        def posterize(image, levels: int = 4):
            step = 256 // levels
            return image // step * step

    The type is called as the function is, its text is the function's, its parameters are the function's
    further ones: each needs an annotation, and a default unless graphs must give it. `image` is a read-only
    array of shape (height, width, 3) of uint8, in the order BGR; the array that is returned has the same
    shape and type. A second parameter called `out` is an array to write into instead; that saves a copy.

    `@per_frame("gray", "bgr24")` names the pixel formats that it takes, of one plane each; the stream is
    converted to the first one where it has none of them. The function may be called by several threads at
    a time, for different frames: it keeps nothing from one call to the next.

    Raises:
        GraphError: the function's signature can't be a node's, or a format is unknown or has several planes.
    """
    if len(given) == 1 and callable(given[0]):
        return _made(given[0], ("bgr24",))
    for name in given:
        if name not in PIXEL_FORMATS or len(PIXEL_FORMATS[name].planes) != 1 or name == "table":
            raise GraphError(f"per_frame: '{name}' is no pixel format of one plane", hint="gray, bgr24, bgra")
    return lambda function: _made(function, given or ("bgr24",))


def _made(function: Function, formats: tuple[str, ...]) -> type[Node]:
    who = f"per_frame: the function {function.__name__}"
    params = list(inspect.signature(function, eval_str=True).parameters.values())
    if not params or params[0].kind not in (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD):
        raise GraphError(f"{who} takes no picture", hint="def glow(image, amount: float = 0.5): ...")
    fills = len(params) > 1 and params[1].name == "out"
    image = Input(*formats)
    members: dict[str, Any] = {
        "__module__": function.__module__,
        "__qualname__": function.__qualname__,
        "__doc__": inspect.getdoc(function) or "A function on pictures.",
        "__annotations__": {"function": ClassVar[Function], "fills": ClassVar[bool]},
        "function": staticmethod(function),
        "fills": fills,
        "image": image,
        "picture": Output(like=image),
    }
    for param in params[2:] if fills else params[1:]:
        if param.kind not in (Parameter.KEYWORD_ONLY, Parameter.POSITIONAL_OR_KEYWORD):
            raise GraphError(f"{who}: '{param}' can't be given in a graph")
        if param.annotation is param.empty:
            raise GraphError(f"{who}: '{param.name}' has no type", hint=f"{param.name}: float = 1.0")
        members["__annotations__"][param.name] = param.annotation
        if param.default is not param.empty:
            members[param.name] = param.default
    return new_class(function.__name__, (FunctionNode,), exec_body=lambda body: body.update(members))
