"""From a graph to a finished run: the engine's front door for the command line and for other programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flowgraph.contract import checked
from flowgraph.errors import GraphError
from flowgraph.executor import execute as executor
from flowgraph.executor.control import Control
from flowgraph.executor.state import Interrupted, NodeStats, Progress, Report
from flowgraph.frame import EMPTY
from flowgraph.graph import Graph, Network
from flowgraph.live import LiveParameters
from flowgraph.machine import allowed_bytes, cores
from flowgraph.node import Limits, SourceInfo
from flowgraph.passes.allocate import assign
from flowgraph.passes.bands import divide, narrower
from flowgraph.passes.bound import codec_bytes, costs, still_classes
from flowgraph.passes.clocks import infer_clocks
from flowgraph.passes.cut import cut
from flowgraph.passes.expand import NO_OVERRIDES, expand
from flowgraph.passes.negotiate import negotiate
from flowgraph.passes.planar import keep_planar
from flowgraph.passes.probe import probe
from flowgraph.passes.prune import prune
from flowgraph.passes.retime import Retimed, retime
from flowgraph.passes.schedule import refuse_second_readers, schedule
from flowgraph.passes.share import share
from flowgraph.passes.simplify import simplify
from flowgraph.plan import Plan

__all__ = ["Interrupted", "NodeStats", "Options", "Progress", "Report", "compile", "execute", "run"]


@dataclass(frozen=True, slots=True)
class Options:
    """How to run, apart from what: none of these changes a bit of the result, except `limits`."""

    max_memory: int | None = None
    """Bytes; None is 80 % of what the machine or its cgroup allows."""
    threads: int | None = None
    """None is one for each core that this process may use."""
    limits: Limits = field(default_factory=Limits)
    overwrite: bool = True
    quiet: bool = False
    check: bool = False
    """Check at every call that nodes keep their contract, on one thread: slow, for who writes nodes."""
    live: bool = False
    """Parameters may change during the run: nodes that have such are never made one with others."""


def compile(
    graph: Graph,
    values: Mapping[str, Any] = EMPTY,
    overrides: Mapping[tuple[str, str], Any] = NO_OVERRIDES,
    options: Options = Options(),
) -> Plan:
    """Compile a graph with parameter values and overrides of nodes' parameters.

    Raises:
        GraphError: the graph, a value or a source is wrong, or the bound is over `max_memory`.
    """
    return plan(prune(expand(graph, values, overrides)), options)


def plan(network: Network, options: Options) -> Plan:
    """Compile a pruned network: the list of passes.

    Raises:
        GraphError: see `compile`.
    """
    infos = probe(network, options.limits)
    network = share(network, infos, live=options.live)
    clocks = infer_clocks(network, infos)
    state = simplify(keep_planar(negotiate(network, infos, clocks)), live=options.live)
    allowed = allowed_bytes() if options.max_memory is None else options.max_memory
    # Side by side, a node could be blamed for what another one does to a frame of both.
    threads = 1 if options.check else options.threads or cores()
    attempts = _lean(threads, allowed)
    bands: Mapping[str, int] = {}
    while True:
        retimed = retime(divide(state, bands, allowed))
        leanest = _made(retimed, infos, attempts[-1], options.limits)
        if leanest.bound_bytes <= allowed:
            break
        more = narrower(leanest, state, bands, allowed)
        if more == bands:
            raise _too_large(leanest, allowed)
        bands = more
    plans = (_made(retimed, infos, attempt, options.limits) for attempt in attempts)
    best = next(found for found in plans if found.bound_bytes <= allowed)
    found = replace(best, threads=threads, warnings=network.warnings)
    return checked(found) if options.check else found


def _made(
    retimed: Retimed, infos: Mapping[str, SourceInfo], attempt: tuple[int, int, int], limits: Limits
) -> Plan:
    """The plan for one way of being generous with memory."""
    state = retimed.state
    keep_bytes, queue, tokens = attempt
    parts = cut(state.network, state.clocks, infos, keep_bytes)
    scheduled = schedule(retimed, parts)
    refuse_second_readers(scheduled, infos)
    assigned = tuple(assign(pass_, tokens, queue) for pass_ in scheduled)
    passes = tuple(item.pass_ for item in assigned)
    return Plan(
        network=state.network,
        passes=passes,
        sources=infos,
        clocks=state.clocks,
        formats=state.formats,
        stills=still_classes(passes),
        costs=costs(assigned, infos, tokens, queue),
        codec_bytes=codec_bytes(passes, infos),
        tokens=tokens,
        threads=tokens,
        limits=limits,
        notes=state.notes,
        queue=queue,
    )


def _too_large(leanest: Plan, allowed: int) -> GraphError:
    most = max(leanest.costs, key=lambda cost: cost.total)
    return GraphError(
        f"the leanest plan needs {_size(leanest.bound_bytes)}, but {_size(allowed)} are allowed;"
        f" most of it for {most.what}: {_size(most.total)}",
        hint="allow more with --max-memory, or make the picture smaller or the history shorter",
    )


def _lean(threads: int, allowed: int) -> list[tuple[int, int, int]]:
    """What to try, from generous to lean: (bytes to keep frames in, queue, live tokens)."""
    generous = [(allowed // 4, 2, tokens) for tokens in range(threads, 0, -1)]
    return [*generous, (0, 2, 1), (0, 1, 1)]


def execute(
    plan: Plan,
    *,
    options: Options = Options(),
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    live: LiveParameters | None = None,
    control: Control | None = None,
    first: int = 0,
) -> Report:
    """Run a plan.

    `live` holds changes of parameters during the run. `progress` is called often, on the caller's thread;
    `cancelled` too: saying yes is like a ctrl-C. `control` pauses, steps, cancels and watches the run from
    other threads. The last pass computes nothing before its source's frame `first`.

    Raises:
        RunError: a source, a node or a sink failed; what was written is kept under its partial name.
        Interrupted: a KeyboardInterrupt came, `cancelled` said yes, or the control said cancel.
        ValueError: the control steered another run already.
    """

    def tick(state: Progress) -> None:
        if cancelled is not None and cancelled():
            raise KeyboardInterrupt
        if progress is not None:
            progress(state)

    return executor.execute(
        plan,
        progress=tick,
        overwrite=options.overwrite,
        quiet=options.quiet,
        first=first,
        live=live,
        control=control,
    )


def run(
    graph: Graph,
    values: Mapping[str, Any] = EMPTY,
    overrides: Mapping[tuple[str, str], Any] = NO_OVERRIDES,
    options: Options = Options(),
    *,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    control: Control | None = None,
    first: int = 0,
    **params: object,
) -> Report:
    """Run a graph with values for its parameters, and give a report: frames, time and bytes per node, notes.

        report = flowgraph.run(graph, input="dance.mp4", output="bloom.mp4", lag=8)

    Values are given by keyword, or as a mapping where a parameter is called like one of the function's own.
    `overrides` set single parameters of nodes: `{("glow", "sigma"): 8}`. For the rest see `execute`.

    Raises:
        GraphError: the graph, a value or a source is wrong, or the bound is over `max_memory`.
        RunError: a source, a node or a sink failed; what was written is kept under its partial name.
        Interrupted: a KeyboardInterrupt came, `cancelled` said yes, or the control said cancel.
    """
    for name in params:
        if name in values:
            raise GraphError(f"the parameter '{name}' is given twice")
    plan = compile(graph, {**values, **params}, overrides, options)
    return execute(
        plan, options=options, progress=progress, cancelled=cancelled, control=control, first=first
    )


def _size(nbytes: int) -> str:
    return f"{nbytes / (1 << 20):.1f} MiB"
