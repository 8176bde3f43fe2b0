"""Runs jobs side by side, each in a process of its own: what happens to one stops none of the others."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flowgraph.cli import problems

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

Work = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Job:
    """One file: what it is read from, the arguments of its run, and what it writes."""

    input: str
    given: Mapping[str, Any]
    writes: tuple[Path, ...]
    """Files that count as the result; none where the outputs are sequences or thrown away."""

    @property
    def done(self) -> bool:
        """Whether all results are there, none of them older than what is read."""
        source = Path(self.input)
        read = source.stat().st_mtime if source.exists() else 0.0
        return bool(self.writes) and all(
            path.exists() and path.stat().st_mtime >= read for path in self.writes
        )


@dataclass(frozen=True, slots=True)
class Ended:
    """How a job ended: its exit status and what it said."""

    job: Job
    status: int
    said: str


def run_jobs(jobs: Iterable[Job], side_by_side: int, work: Work, name: str) -> Generator[Ended]:
    """Run `work(name, **given)` for each job in a process of its own, and say how each ended, as it does.

    Closing the generator, or an exception at its `yield`, ends the running jobs as SIGTERM does, and waits
    for them to close their outputs.
    """
    # Most runs are of one file, and need no processes.
    import multiprocessing
    from multiprocessing.connection import wait

    context = multiprocessing.get_context("spawn")
    waiting = deque(jobs)
    running: dict[int, tuple[BaseProcess, Job, Path]] = {}
    with tempfile.TemporaryDirectory(prefix="flowgraph-") as folder:
        try:
            number = 0
            while waiting or running:
                while waiting and len(running) < side_by_side:
                    job, number = waiting.popleft(), number + 1
                    log = Path(folder) / f"{number}.txt"
                    process: BaseProcess = context.Process(
                        target=_in_child, args=(work, name, dict(job.given), log)
                    )
                    with _interrupts_held_back():
                        process.start()
                    running[process.sentinel] = process, job, log
                for sentinel in wait(list(running)):
                    assert isinstance(sentinel, int)
                    process, job, log = running.pop(sentinel)
                    process.join()
                    yield Ended(job, _status(process), log.read_text("utf-8") if log.exists() else "")
        finally:
            for process, _, _ in running.values():
                process.terminate()
            for process, _, _ in running.values():
                process.join()


def _status(process: BaseProcess) -> int:
    return process.exitcode if process.exitcode is not None else 1


@contextmanager
def _interrupts_held_back() -> Generator[None]:
    """Start a child that ctrl-C doesn't reach: this process gets it, and tells its children to end.

    A child inherits what is blocked.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _in_child(work: Work, name: str, given: dict[str, Any], log: Path) -> None:
    """Run one job; what it says goes to a file, how it ended to the exit status."""
    target = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(target, sys.stderr.fileno())
    try:
        work(name, **given)
    except Exception as error:
        sys.exit(problems.report(error, ()))
    except KeyboardInterrupt as error:
        sys.exit(problems.report(error, ()))
