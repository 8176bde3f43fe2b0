"""The bar that a run draws on a terminal: frames, rate, time left, memory in use."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flowgraph.cli.human import rate, size, span

if TYPE_CHECKING:
    from flowgraph.session import Progress

Show = Callable[["Progress"], None]


def status(made: Progress, bound_bytes: int) -> str:
    """What stands beside the bar."""
    said = [f"{made.frames:,}" + (f" of {made.total:,}" if made.total else "") + " frames"]
    if made.seconds > 0 and made.frames:
        per_second = made.frames / made.seconds
        said.append(f"{rate(per_second) if per_second < 10 else round(per_second)} frames/s")
        if made.total:
            said.append(f"{span(max(0, made.total - made.frames) / per_second)} left")
    said.append(f"{size(made.pool_bytes)} of {size(bound_bytes)}")
    return "  ".join(said)


@contextmanager
def progress_bar(bound_bytes: int, *, quiet: bool) -> Generator[Show | None]:
    """Show a bar while the block runs; none (and None) where standard error is no terminal."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), TextColumn("{task.fields[status]}"))
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=None, status="")

        def show(made: Progress) -> None:
            name = f"pass {made.pass_index + 1} of {made.passes}" if made.passes > 1 else "running"
            bar.update(
                task,
                description=name,
                completed=made.frames,
                total=max(made.total, made.frames) if made.total else None,
                status=status(made, bound_bytes),
            )

        yield show


@contextmanager
def files_bar(total: int, *, quiet: bool) -> Generator[Callable[[int, int], None]]:
    """Show how many files are done and failed; what is called with them does nothing without a terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda done, failed: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(f"0 of {total} files", total=total)

        def show(done: int, failed: int) -> None:
            text = f"{done} of {total} files" + (f", {failed} failed" if failed else "")
            bar.update(task, completed=done, description=text)

        yield show
