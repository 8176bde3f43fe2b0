"""One run of a plan on a thread of its own, and how it ended."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import Thread

from flowgraph import session
from flowgraph.errors import FlowgraphError, RunError
from flowgraph.executor.blame import described
from flowgraph.executor.control import Control
from flowgraph.live import Change, LiveParameters
from flowgraph.plan import Plan
from flowgraph.session import Interrupted, Options, Report


class Runner:
    """Begins when `start` is called. `ended` is called once, on the run's thread, when it is over."""

    def __init__(
        self,
        plan: Plan,
        options: Options,
        changes: Iterable[Change],
        first: int,
        ended: Callable[[Runner], None],
    ) -> None:
        """Prepare a run whose last pass computes nothing before frame `first`.

        Raises:
            GraphError: a change is of a parameter that isn't live.
        """
        self.plan = plan
        self.control = Control()
        self.live = LiveParameters(plan.network, changes, plan.formats)
        self.first = first
        self.report: Report | None = None
        self.error: FlowgraphError | None = None
        """Why the run failed; None also for one that was cancelled."""
        self._options = options
        self._ended = ended
        self._thread = Thread(target=self._run, name="flowgraph debug run", daemon=True)

    @property
    def over(self) -> bool:
        """Whether it has ended, in whatever way."""
        return not self._thread.is_alive()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Cancel it and wait for its end."""
        self.control.cancel()
        self._thread.join()

    def _run(self) -> None:
        try:
            self.report = session.execute(
                self.plan, options=self._options, live=self.live, control=self.control, first=self.first
            )
        except Interrupted:
            pass
        except FlowgraphError as error:
            self.error = error
        except Exception as error:
            self.error = RunError(f"this is a bug in flowgraph: {described(error)}")
            self.error.__cause__ = error
        self._ended(self)
