"""Sources are probed once each; outputs that would destroy inputs are refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from networks import Clip, Take, network, wire

from flowgraph.errors import GraphError
from flowgraph.graph import NetNode
from flowgraph.node import Limits, SourceInfo
from flowgraph.passes.probe import probe


class OnDisk(Clip):
    """A clip that is read from a file."""

    def probe(self, limits: Limits) -> SourceInfo:
        return replace(super().probe(limits), path=Path(self.file))


class ToDisk(Take):
    """A sink that writes a file."""

    path: Path

    def path_written(self) -> Path | None:
        return self.path


def refused(*nodes: NetNode) -> GraphError:
    with pytest.raises(GraphError) as error:
        probe(network(*nodes), Limits())
    return error.value


def test_every_source_is_probed() -> None:
    found = probe(
        network(wire("v", Clip()), wire("w", Clip(file="b")), wire("i", "invert", image="v")), Limits()
    )
    assert {name: info.clock for name, info in found.items()} == {"v": "a", "w": "b"}


def test_what_can_not_be_opened_is_located() -> None:
    error = refused(wire("v", Clip(file="missing")))
    assert str(error) == "g.yaml:2:3: there is no file missing"


def test_an_output_is_never_one_of_the_inputs(tmp_path: Path) -> None:
    clip = tmp_path / "a.mp4"
    other_way = tmp_path / "." / "b" / ".." / "a.mp4"
    (tmp_path / "b").mkdir()
    error = refused(wire("v", OnDisk(file=str(clip))), wire("out", ToDisk(path=other_way), image="v"))
    assert error.message == f"sink 'out' would write over {clip}, which source 'v' reads"


def test_two_sinks_never_write_one_file(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    error = refused(
        wire("v", Clip()), wire("out", ToDisk(path=path), image="v"), wire("o2", ToDisk(path=path), image="v")
    )
    assert error.message == f"sinks 'out' and 'o2' both write {path}"
