"""Tables are written as CSV and JSON lines, whole or not at all."""

import json
from fractions import Fraction
from math import inf, nan
from pathlib import Path

import numpy as np
import pytest

from flowgraph.errors import GraphError, RunError
from flowgraph.frame import Format, Frame, table
from flowgraph.media.codecs import target_of
from flowgraph.media.tables import TableWriter, check_kind, number_text
from flowgraph.node import Limits, SinkInfo

FORMAT = table("time", "quantity")


def writer(path: Path, overwrite: bool = True) -> TableWriter:
    info = SinkInfo(FORMAT, Fraction(25), False, None, False, Limits(), overwrite=overwrite)
    return TableWriter(str(path), info)


def row(*values: float) -> Frame:
    return Frame(0, Fraction(0), FORMAT, (np.array([values]),))


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.1, "0.1"), (3.0, "3"), (-0.25, "-0.25"), (nan, ""), (1 / 3, "0.3333333333333333"), (1e300, "1e+300"),
     (inf, "inf")],
)  # fmt: skip
def test_numbers_read_back_as_the_same(value: float, text: str) -> None:
    assert number_text(value) == text


def test_csv_has_a_header_and_a_row_for_each_frame(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    out = writer(path)
    out.write(row(0.04, nan))
    out.write(row(0.08, 7))
    assert not path.exists()
    assert out.close().startswith(f"{path}: 2 rows of time, quantity")
    assert path.read_text("utf-8") == "time,quantity\n0.04,\n0.08,7\n"
    assert not path.with_name("t.partial.csv").exists()


def test_json_lines_have_an_object_for_each_frame(tmp_path: Path) -> None:
    out = writer(tmp_path / "t.jsonl")
    out.write(row(0.04, nan))
    out.write(row(0.08, inf))
    out.close()
    lines = (tmp_path / "t.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [
        {"time": 0.04, "quantity": None},
        {"time": 0.08, "quantity": None},
    ]


def test_an_interrupted_table_keeps_its_partial_name(tmp_path: Path) -> None:
    out = writer(tmp_path / "t.csv")
    out.write(row(0.04, 1))
    assert out.abort() == tmp_path / "t.partial.csv"
    assert (tmp_path / "t.partial.csv").read_text("utf-8") == "time,quantity\n0.04,1\n"


def test_no_row_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="no row came"):
        writer(tmp_path / "t.csv").close()
    assert not [*tmp_path.iterdir()]


def test_an_existing_table_may_be_kept(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("mine", "utf-8")
    with pytest.raises(GraphError, match="exists already"):
        writer(tmp_path / "t.csv", overwrite=False)


def test_a_table_has_no_codec_and_no_number() -> None:
    with pytest.raises(ValueError, match="hold numbers; leave codec out"):
        target_of("t.csv", "h264")


def test_pictures_and_numbers_go_into_files_of_their_kind() -> None:
    check_kind("t.csv", "table", FORMAT)
    check_kind("null", "null", FORMAT)
    with pytest.raises(
        ValueError, match=r"t.mp4 takes pictures, and the stream is a table of time, quantity"
    ):
        check_kind("t.mp4", "video", FORMAT)
    with pytest.raises(
        ValueError, match=r"t.csv takes rows of numbers, and the stream is pictures \(gray 4x4\)"
    ):
        check_kind("t.csv", "table", Format("gray", 4, 4))
