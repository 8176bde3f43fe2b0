"""Push-down keeps its promise: the exact affine result on the decoder's planes, rounded once."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, cast

import numpy as np
from collect import COLLECTED, Collect, LiteralReader, Literals, make, planned, report, wire
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from flowgraph.frame import Format, Matrix, Range
from flowgraph.graph import NetNode
from flowgraph.node import Node

WIDTH, HEIGHT, FRAMES = 6, 4, 6

Sum = dict[int, Fraction]
"""Weight of the picture so many frames ago."""


class Tree:
    """A random tree of affine nodes that can't clip, and the one sum that it stands for on RGB samples."""

    def __init__(self, draw: st.DrawFn, video: NetNode) -> None:
        self.draw = draw
        self.nodes = [video]
        self.root, self.sum, self.offset = self.branch(draw(st.integers(1, 4)))

    def add(self, node: Any, **inputs: str | tuple[str, ...]) -> str:
        name = f"n{len(self.nodes)}"
        self.nodes.append(wire(name, node, **inputs))
        return name

    def branch(self, depth: int) -> tuple[str, Sum, Fraction]:
        if depth == 0:
            return self.leaf()
        kind = self.draw(st.sampled_from(["invert", "mix", "contrast", "tmix"]))
        return cast("tuple[str, Sum, Fraction]", getattr(self, kind)(depth - 1))

    def leaf(self) -> tuple[str, Sum, Fraction]:
        frames = self.draw(st.integers(0, 3))
        name = self.add(make("delay", frames=frames), image="v") if frames else "v"
        return name, {frames: Fraction(1)}, Fraction(0)

    def invert(self, depth: int) -> tuple[str, Sum, Fraction]:
        name, weights, offset = self.branch(depth)
        return self.add("invert", image=name), scaled(weights, Fraction(-1)), 255 - offset

    def contrast(self, depth: int) -> tuple[str, Sum, Fraction]:
        name, weights, offset = self.branch(depth)
        amount = Fraction(self.draw(st.integers(1, 8)), 8)
        node = make("contrast", amount=float(amount))
        return self.add(node, image=name), scaled(weights, amount), offset * amount + 128 * (1 - amount)

    def tmix(self, depth: int) -> tuple[str, Sum, Fraction]:
        name, weights, offset = self.branch(depth)
        parts = [Fraction(1, 4), Fraction(1, 4), Fraction(1, 2)]  # oldest first
        total: Sum = {}
        for back, part in zip((2, 1, 0), parts, strict=True):
            for frames, weight in weights.items():
                total[frames + back] = total.get(frames + back, Fraction(0)) + weight * part
        node = make("tmix", frames=3, weights=[1, 1, 2])
        return self.add(node, image=name), total, offset

    def mix(self, depth: int) -> tuple[str, Sum, Fraction]:
        branches = [self.branch(depth), self.branch(self.draw(st.integers(0, depth)))]
        parts = [Fraction(self.draw(st.integers(0, 4)), 8) for _ in branches]
        signs = [self.draw(st.sampled_from([1, 1, -1])) for _ in branches]
        used = [part * sign for part, sign in zip(parts, signs, strict=True)]
        added = -255 * sum(weight for weight in used if weight < 0)
        total: Sum = {}
        offset = Fraction(added)
        for weight, (_, weights, constant) in zip(used, branches, strict=True):
            offset += weight * constant
            for frames, inner in weights.items():
                total[frames] = total.get(frames, Fraction(0)) + weight * inner
        node = make("mix", weights=[float(weight) for weight in used], offset=float(added))
        return self.add(node, image=tuple(name for name, _, _ in branches)), total, offset


def scaled(weights: Sum, factor: Fraction) -> Sum:
    return {frames: weight * factor for frames, weight in weights.items()}


def exact(tree: Tree, frames: list[tuple[Any, ...]], k: int, range_: Range) -> list[list[int]]:
    """Each plane of frame `k`: the sum in fractions, rounded once, half to even, and clipped."""
    black, gain = (Fraction(16), Fraction(219, 255)) if range_ == "limited" else (Fraction(0), Fraction(1))
    total = sum(tree.sum.values())
    offsets = [black * (1 - total) + gain * tree.offset, 128 * (1 - total), 128 * (1 - total)]
    found: list[list[int]] = []
    for plane, offset in enumerate(offsets):
        shown = [
            (weight, frames[max(0, k - back)][plane].ravel().tolist()) for back, weight in tree.sum.items()
        ]
        samples = zip(*(samples for _, samples in shown), strict=True)
        sums = (sum(w * s for (w, _), s in zip(shown, row, strict=True)) + offset for row in samples)
        found.append([min(255, max(0, round(value))) for value in sums])
    return found


def clip(matrix: Matrix, range_: Range, seed: int) -> Literals:
    return Literals(
        values=(seed,) * FRAMES,
        noise=True,
        pixel="yuv420p",
        width=WIDTH,
        height=HEIGHT,
        matrix=matrix,
        range=range_,
    )


@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.data(), st.sampled_from(["bt601", "bt709"]), st.sampled_from(["limited", "full"]), st.integers(0, 99)
)
def test_a_random_affine_tree_equals_the_exact_sum_on_planes(
    data: st.DataObject, matrix: Matrix, range_: Range, seed: int
) -> None:
    source = clip(matrix, range_, seed)
    tree = data.draw(st.composite(lambda draw: Tree(draw, wire("v", source)))())
    nodes = (*tree.nodes, wire("out", Collect(), image=tree.root))
    network = planned(*nodes).network
    # Two readers of equal branches share one picture, which is rounded for both.
    assume(not [node for node in network.nodes if node.aliases and node.type != "delay"])
    assert not [node.name for node in network.nodes if node.type == "convert"]
    report(*nodes, threads=1)
    reader = LiteralReader(source, Format("yuv420p", WIDTH, HEIGHT, matrix, range_))
    frames = [frame.planes for frame in iter(reader.read, None)]
    for k, got in enumerate(COLLECTED["out"].frames):
        assert [plane.ravel().tolist() for plane in got.planes] == exact(tree, frames, k, range_), tree.nodes


def first_samples(node: Node, source: Literals) -> list[int]:
    report(wire("v", source), wire("n", node, image="v"), wire("out", Collect(), image="n"))
    return [int(plane.flat[0]) for plane in COLLECTED["out"].frames[0].planes]


def flat(value: int, range_: Range) -> Literals:
    return Literals(values=(value,), pixel="yuv420p", range=range_)


def test_inverting_limited_luma_is_251_minus_y_and_chroma_256_minus_c() -> None:
    assert first_samples(make("invert"), flat(16, "limited")) == [235, 240, 240]
    assert first_samples(make("invert"), flat(235, "limited")) == [16, 21, 21]
    assert first_samples(make("invert"), flat(128, "limited")) == [123, 128, 128]


def test_inverting_full_luma_is_255_minus_y_and_chroma_256_minus_c() -> None:
    assert first_samples(make("invert"), flat(16, "full")) == [239, 240, 240]
    assert first_samples(make("invert"), flat(255, "full")) == [0, 1, 1]


def test_weights_of_zero_give_a_flat_picture_of_the_offset() -> None:
    assert first_samples(make("mix", weights=[0], offset=255), flat(77, "limited")) == [235, 128, 128]
    assert first_samples(make("mix", weights=[0], offset=0), flat(77, "full")) == [0, 128, 128]


def test_a_mean_of_a_picture_and_its_negative_is_gray() -> None:
    nodes = (
        wire("v", flat(77, "full")),
        wire("i", "invert", image="v"),
        wire("m", make("mix", weights=[0.5, 0.5]), image=("v", "i")),
        wire("out", Collect(), image="m"),
    )
    report(*nodes)
    planes = COLLECTED["out"].frames[0].planes
    assert [np.unique(plane).tolist() for plane in planes] == [[128], [128], [128]]


def test_a_sum_that_can_clip_is_computed_in_rgb() -> None:
    nodes = (
        wire("v", Literals(values=(16, 235), pixel="yuv420p")),
        wire("t", make("tmix", frames=3, weights=[-1, 0, 1], scale=2), image="v"),
        wire("out", Collect(), image="t"),
    )
    report(*nodes)
    first, second = COLLECTED["out"].frames
    assert first.format.pixel == second.format.pixel == "bgr24"
    assert first.data.max() == 0
