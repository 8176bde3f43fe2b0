"""What happens to a run, told to whoever asks: passes, pauses, changes, the end, and how far it is."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Condition
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from flowgraph.executor.control import Status

Kind = Literal["began", "pass", "status", "changed", "paused", "resumed", "cancelled", "failed", "ended"]

MOST_EVENTS = 256
"""Events that wait for a reader; of more, the oldest are lost."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a run.

    kind: began; pass (one begins to stream); status (some time went by); changed (a live parameter, `about`
    says which, and from which frame on); paused and resumed (no token may begin, or again); cancelled (it was
    asked for); and at last failed (`about` is the error) or ended.
    """

    kind: Kind
    status: Status
    """Where the run was, with what each node did so far."""
    about: str = ""


class Events(Iterator[Event]):
    """The events of one run from now on, for one reader; the last one is `failed` or `ended`.

    While nothing happens, there is an event `status` every `every_s` seconds.
    """

    def __init__(self, status: Callable[[], Status], every_s: float | None) -> None:
        self._status = status
        self._every_s = every_s
        self._waiting: deque[Event] = deque(maxlen=MOST_EVENTS)
        self._changed = Condition()
        self._over = False

    def tell(self, event: Event) -> None:
        """Hear of an event; on any thread."""
        with self._changed:
            self._waiting.append(event)
            self._changed.notify_all()

    def __iter__(self) -> Events:
        return self

    def __next__(self) -> Event:
        if self._over:
            raise StopIteration
        with self._changed:
            self._changed.wait_for(lambda: self._waiting, self._every_s)
            event = self._waiting.popleft() if self._waiting else None
        event = event or Event("status", self._status())
        self._over = event.kind in ("failed", "ended")
        return event
