"""Errors of nodes' own code become errors that name the node."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from flowgraph.errors import FlowgraphError, Place, RunError


@contextmanager
def blamed(what: str, place: Place | None) -> Generator[None]:
    """Say `what` failed, and where it stands in the graph file, if anything is raised inside.

    Raises:
        FlowgraphError: as it was raised, with `place` if it had none.
        RunError: for everything else that a node may raise, which is its cause.
    """
    try:
        yield
    except FlowgraphError as error:
        error.place = error.place or place
        raise
    except Exception as error:
        raise RunError(f"{what}: {described(error)}", place=place) from error


def described(error: BaseException) -> str:
    """The error's type and message."""
    return f"{type(error).__name__}: {str(error).strip() or 'no message'}"
