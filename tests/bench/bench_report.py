"""Writes what was measured as tables in Markdown."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Final

import av
import cv2
from bench_quality import LEAST_PSNR, MOST_ERROR, Quality
from bench_records import Case, Figure, Race
from bench_runner import shown

from flowgraph import native

BEGIN: Final = "<!-- measured: begin -->"
END: Final = "<!-- measured: end -->"


def machine(peers: Iterable[str]) -> str:
    """What all this ran on and with."""
    own = f"Python {sys.version.split()[0]}, OpenCV {cv2.__version__}, PyAV {av.__version__}"
    models = [
        line.partition(":")[2].strip() for line in _lines(Path("/proc/cpuinfo")) if "model name" in line
    ]
    cores = f"{len(os.sched_getaffinity(0))} cores of {models[0] if models else 'an unknown kind'}"
    lacking = native.why_not()
    kernels = f"without compiled kernels ({lacking})" if lacking else "with compiled kernels"
    return "; ".join((cores, f"flowgraph {kernels}", own, *peers))


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


RACE_HEAD: Final = (
    "| what | against | clip | flowgraph s | frames/s | other s | frames/s | CPU ratio | ratio min | median"
    " | max | target | |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|"
)


def race_row(race: Race) -> str:
    """A row of a section's table."""
    case, ratios = race.case, race.ratios()
    ours = median(spent.wall for spent, _ in race.pairs)
    theirs = median(spent.wall for _, spent in race.pairs)
    middle = median(ratios)
    return (
        f"| {case.what} | {case.against} | {case.clip} | {ours:.2f} | {_rate(race.frames, ours)} |"
        f" {theirs:.2f} | {_rate(race.frames, theirs)} | {race.cpu_ratio:.2f} | {min(ratios):.2f} |"
        f" {middle:.2f} | {max(ratios):.2f} | {case.target or ''} | {_verdict(case, middle)} |"
    )


def _rate(frames: int, seconds: float) -> str:
    return f"{frames / seconds:.0f}" if frames else ""


def _verdict(case: Case, ratio: float) -> str:
    if case.target is None:
        return ""
    return "ok" if case.target.met_by(ratio) else "missed"


def commands(cases: Sequence[Case]) -> Iterator[str]:
    """The commands of a section, each once."""
    yield "```sh"
    for command in dict.fromkeys(command for case in cases for command in (case.ours, case.theirs)):
        yield shown(command)
    yield "```"


FIGURE_HEAD: Final = "| what | min | median | max | target | | |\n|---|---|---|---|---|---|---|"


def figure_row(figure: Figure) -> str:
    """A row of the table of single figures."""
    verdict = "" if figure.target is None else "ok" if figure.target.met_by(figure.middle) else "missed"
    numbers = " | ".join(f"{value:.3f}" for value in (figure.least, figure.middle, figure.most))
    return f"| {figure.what} | {numbers} | {figure.target or ''} | {verdict} | {figure.note} |"


QUALITY_HEAD: Final = (
    f"Against the RGB reference: at least {LEAST_PSNR:g} dB, mean at most {MOST_ERROR:g}.\n\n"
    "| effect | clip | matrix, range | dB of each plane | mean | most | |\n|---|---|---|---|---|---|---|"
)


def quality_row(quality: Quality) -> str:
    """One effect on one clip."""
    planes = quality.planes
    tags = f"{quality.tags[0]}, {quality.tags[1]}{'' if quality.right_tags else ' wrong'}"
    return (
        f"| {quality.effect} | {quality.clip} | {tags} | {', '.join(f'{d.psnr:.1f}' for d in planes)} |"
        f" {', '.join(f'{d.mean:.3f}' for d in planes)} | {', '.join(str(d.most) for d in planes)} |"
        f" {'ok' if quality.good else 'FAIL'} |"
    )


def put_into(path: Path, text: str) -> None:
    """Replace what stands between the two marks of a document.

    Raises:
        ValueError: the marks are not there.
    """
    before, mark, rest = path.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not mark or not end:
        raise ValueError(f"{path} has no lines '{BEGIN}' and '{END}'")
    path.write_text(f"{before}{BEGIN}\n\n{text.strip()}\n\n{END}{after}")
