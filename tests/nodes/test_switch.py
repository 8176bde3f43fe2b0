"""switch."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest

from flowgraph.frame import new_frame
from flowgraph.node import Formats
from flowgraph.testing import frame_of, run_node, run_outputs
from flowgraph.units import Duration
from flowgraph_nodes.switch import Switch

LOW, HIGH, TOP = (np.full((2, 3), value, np.uint8) for value in (0, 100, 200))


def shown(fade: object, choices: Sequence[int]) -> list[int]:
    """What a switch of three levels shows while its choice changes."""
    frames = tuple(frame_of(picture) for picture in (LOW, HIGH, TOP))
    nodes = {choice: Switch(choice=choice, fade=Duration.parse(fade)) for choice in (1, 2, 3)}
    formats = Formats({"images": tuple(frame.format for frame in frames)}, rate=Fraction(25))
    scratch = {name: np.empty(*spec) for name, spec in nodes[1].scratch(formats).items()}
    state, out, after = (
        nodes[choices[0]].start(formats),
        new_frame(frames[0].format),
        new_frame(frames[0].format),
    )
    found: list[int] = []
    for choice in choices:
        nodes[choice].process(state, frames, out, after, scratch)
        assert (out.data == out.data[0, 0]).all()
        found.append(int(out.data[0, 0]))
    return found


@pytest.mark.parametrize("choice", [1, 2, 3])
def test_the_chosen_picture_is_shown_from_the_start(choice: int) -> None:
    pictures = [LOW, HIGH, TOP]
    frames = run_node(Switch(choice=choice, fade=Duration(5)), *([picture] * 3 for picture in pictures))
    assert all((frame.data == pictures[choice - 1]).all() for frame in frames)


def test_without_a_fade_it_cuts() -> None:
    assert shown(0, [1, 1, 2, 2, 3, 1]) == [0, 0, 100, 100, 200, 0]


def test_a_crossfade_takes_as_many_frames_as_were_asked_for() -> None:
    assert shown(3, [1, 2, 2, 2, 2, 2]) == [0, 25, 50, 75, 100, 100]
    assert shown("120ms", [1, 2, 2, 2, 2, 2]) == [0, 25, 50, 75, 100, 100]


def test_a_crossfade_that_is_turned_round_goes_on_from_where_it_was() -> None:
    assert shown(3, [1, 2, 2, 1, 1, 1, 1, 1]) == [0, 25, 50, 38, 25, 12, 0, 0]
    assert shown(1, [1, 2, 3, 3, 3]) == [0, 50, 125, 200, 200]


def test_a_choice_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match=r"choice is 1\.\.2, as 'in' names 2 pictures; got 3"):
        run_node(Switch(choice=3), [LOW], [HIGH])


@pytest.mark.parametrize(("choice", "after"), [(1, 100), (2, 200), (3, 0)])
def test_next_is_the_picture_after_the_chosen_one(choice: int, after: int) -> None:
    (frame,) = run_outputs(Switch(choice=choice), [LOW], [HIGH], [TOP])["next"]
    assert (frame.data == after).all()
