"""Errors of nodes' own code become errors that name the node."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flowgraph.errors import FlowgraphError, Place, RunError
from flowgraph.frame import Frame
from flowgraph.node import Node
from flowgraph.plan import Step


@dataclass(frozen=True, slots=True)
class Failed:
    """A step whose node raised, and what the node had been given.

    `node` has the parameters of that moment. `inputs` holds for each port what `process` got: a frame, a
    window, a tuple of either, None; it is empty where the node failed apart from any frame. Frames are those
    of the run, and what the node was to fill in place may have been written to.
    """

    step: Step
    node: Node
    token: int = 0
    """The index of the token: nothing after it was asked of the node."""
    inputs: Mapping[str, Any] = field(default_factory=dict[str, Any])
    stamp: Frame | None = None
    """The frame that gives the output its index and time."""


class NodeError(RunError):
    """A node raised; its error is the cause."""

    def __init__(self, message: str, failed: Failed) -> None:
        super().__init__(message, place=failed.step.place)
        self.failed = failed


@contextmanager
def blamed(what: str, place: Place | None, failed: Failed | None = None) -> Generator[None]:
    """Say `what` failed, and where it stands in the graph file, if anything is raised inside.

    Raises:
        FlowgraphError: as it was raised, with `place` if it had none.
        NodeError, RunError: for everything else that may be raised, which is its cause; a NodeError if it is
            known what `failed`.
    """
    try:
        yield
    except FlowgraphError as error:
        error.place = error.place or place
        raise
    except Exception as error:
        message = f"{what}: {described(error)}"
        raise (NodeError(message, failed) if failed else RunError(message, place=place)) from error


def described(error: BaseException) -> str:
    """The error's type and message."""
    return f"{type(error).__name__}: {str(error).strip() or 'no message'}"
