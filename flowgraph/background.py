"""The thread on which a plan runs while the program does other things."""

from __future__ import annotations

import atexit
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from threading import Thread, current_thread

from flowgraph.executor.control import Control
from flowgraph.executor.events import Event, Events
from flowgraph.executor.handover import Handover
from flowgraph.executor.state import Report
from flowgraph.live import LiveParameters
from flowgraph.plan import Plan
from flowgraph.session import Options, execute


@dataclass(slots=True)
class Outcome:
    """How a run ended."""

    report: Report | None = None
    error: BaseException | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """What the run's own thread knows: nothing of the Run, so that one that nobody holds goes away."""

    plan: Plan
    options: Options
    control: Control
    live: LiveParameters
    ends: Mapping[str, Handover]
    outcome: Outcome

    def start(self) -> Thread:
        """Begin to run."""
        thread = Thread(target=self._run, name="flowgraph run", daemon=True)
        thread.start()
        return thread

    def _run(self) -> None:
        finish = partial(self._finish, current_thread())
        atexit.register(finish)
        try:
            self.outcome.report = execute(
                self.plan, options=self.options, control=self.control, live=self.live
            )
        except BaseException as error:  # handed to whoever reads or waits
            self.outcome.error = error
        finally:
            atexit.unregister(finish)
            for end in self.ends.values():
                end.over(self.outcome.error)

    def abandon(self) -> None:
        """Nobody holds the run any more: stop it, without waiting."""
        self.control.cancel()
        for end in self.ends.values():
            end.forget()

    def _finish(self, thread: Thread) -> None:
        """The program ends: stop the run and wait, so that outputs are closed."""
        self.abandon()
        thread.join()


def tell(events: Events, told: Callable[[Event], None]) -> None:
    """Hand every event on, until the last."""
    for event in events:
        told(event)
