"""What the plans of the bundled graphs promise: passes, decodes, and where they compute."""

from __future__ import annotations

from pathlib import Path

import pytest
from bundled_runs import DRAWN, GRAPHS, lossless_call

from flowgraph.plan import Plan
from flowgraph.session import Options, compile

READINGS = {
    "masks_adaptive_background": 2,
    "masks_mean_background": 2,
    "masks_median_background": 3,
    "plate": 2,
    "contact_sheet": 2,
    "stroboscope": 3,
    "colour_extract": 2,
}
"""How often a graph reads its video, where not once."""


def plan_of(name: str, clip: Path, **values: object) -> Plan:
    """The plan for two threads."""
    given, overrides = lossless_call(GRAPHS[name], clip, Path("written"))
    return compile(GRAPHS[name], given | values, overrides, Options(threads=2))


def feeds(plan: Plan) -> list[tuple[str, ...]]:
    """For each pass, the sources that it streams."""
    return [tuple(feed.source for feed in part.feeds) for part in plan.passes]


def pixels(plan: Plan, node: str) -> list[str]:
    """The pixel formats that a node makes."""
    return [format.pixel for format in plan.formats[node].outputs.values()]


@pytest.mark.parametrize("name", [name for name in GRAPHS if name not in DRAWN])
def test_the_source_is_decoded_once_in_each_pass_that_needs_it(name: str, clip: Path) -> None:
    found = [part for part in feeds(plan_of(name, clip)) if part]
    assert found == [("video",)] * READINGS.get(name, 1)


@pytest.mark.parametrize("name", ["motion_mix", "motion_two_heads"])
def test_a_sum_that_cannot_clip_is_computed_on_the_decoders_planes(name: str, clip: Path) -> None:
    assert pixels(plan_of(name, clip, format="auto"), "motion") == ["yuv420p"]
    assert pixels(plan_of(name, clip, format="bgr24"), "motion") == ["bgr24"]


def test_a_difference_that_can_clip_is_computed_in_rgb(clip: Path) -> None:
    assert pixels(plan_of("motion_tmix", clip), "motion") == ["gbrp"]
