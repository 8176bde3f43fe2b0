"""segment_onnx, on networks of one convolution."""

from pathlib import Path

import numpy as np
import pytest
from tiny_onnx import pointwise

from flowgraph.document.load import loads
from flowgraph.errors import GraphError
from flowgraph.frame import Format
from flowgraph.node import Formats
from flowgraph.session import Options, compile
from flowgraph.testing import run_node
from flowgraph_nodes._network import share_of_class
from flowgraph_nodes.segment_onnx import SegmentOnnx

HALVES = np.zeros((32, 64, 3), np.uint8)
HALVES[:, :32, 2] = 255  # red
HALVES[:, 32:, 0] = 255  # blue
FORMATS = Formats({"image": (Format("bgr24", 64, 32),)})


@pytest.fixture
def red(tmp_path: Path) -> str:
    """A network that finds red."""
    path = tmp_path / "red.onnx"
    path.write_bytes(pointwise([(20, 0, -20)], "Sigmoid", 16))
    return str(path)


def of(model: str, **values: object) -> SegmentOnnx:
    return SegmentOnnx.model_validate({"model": model, "width": 16, "height": 16, **values})


def test_the_mask_is_white_where_the_network_says_so(red: str) -> None:
    (mask,) = run_node(of(red), [HALVES])
    assert (mask.format.width, mask.format.height, mask.format.pixel) == (64, 32, "gray")
    assert mask.data[:, :28].min() == 255
    assert mask.data[:, 36:].max() == 0


def test_the_other_order_of_channels_finds_blue(red: str) -> None:
    (mask,) = run_node(of(red, order="bgr"), [HALVES])
    assert mask.data[:, :28].max() == 0
    assert mask.data[:, 36:].min() == 255


def test_samples_are_shifted_and_scaled_before_they_go_in(tmp_path: Path) -> None:
    path = tmp_path / "as_is.onnx"
    path.write_bytes(pointwise([(0, 1, 0)], "Identity", 16))
    level = np.full((16, 16, 3), 102, np.uint8)  # 0.4
    (mask,) = run_node(of(str(path), mean=0.2, deviation=0.5), [level])
    assert set(mask.data.ravel()) == {102}  # (0.4 - 0.2) / 0.5


def test_one_of_several_classes_is_chosen(tmp_path: Path) -> None:
    path = tmp_path / "classes.onnx"
    path.write_bytes(pointwise([(20, 0, 0), (0, 0, 20)], "Identity", 16))
    for channel, left, right in ((0, 255, 0), (1, 0, 255), (-1, 0, 255)):
        (mask,) = run_node(of(str(path), channel=channel, logits=True), [HALVES])
        assert (mask.data[0, 0], mask.data[0, -1]) == (left, right)


def test_answers_of_every_usual_shape_are_understood() -> None:
    share = np.linspace(0, 1, 12, dtype=np.float32).reshape(3, 4)
    for answer in (share, share[None], share[None, None], share[None, :, :, None]):
        np.testing.assert_array_equal(share_of_class(answer, -1, False), share)
    pair = np.stack([-share, share])
    soft = 1 / (1 + np.exp(-2 * share))
    np.testing.assert_allclose(share_of_class(pair[None], 1, True), soft, rtol=1e-6)
    np.testing.assert_allclose(share_of_class(2 * share[None], 0, True), soft, rtol=1e-6)


def test_an_answer_that_is_no_mask_is_refused() -> None:
    with pytest.raises(ValueError, match="no mask for one picture"):
        share_of_class(np.zeros((1, 1000), np.float32)[None, None, None], 0, False)
    with pytest.raises(ValueError, match=r"channel 5 is none of 0\.\.1"):
        share_of_class(np.zeros((1, 2, 8, 8), np.float32), 5, False)


def test_without_a_network_the_message_says_what_to_give(tmp_path: Path) -> None:
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(b"no network at all")
    cases = {"": "no network is given", "nowhere.onnx": "there is no file nowhere.onnx",
             str(broken): "can't be read as an ONNX network: Failed to parse"}  # fmt: skip
    for model, message in cases.items():
        with pytest.raises(ValueError, match=message):
            of(model).output_formats(FORMATS)


def test_a_graph_without_a_network_is_refused_at_its_place() -> None:
    nodes = ("v: {type: testsrc}", "p: {type: segment_onnx, in: v}", "o: {type: sink, in: p, path: x.mp4}")
    graph = loads("flowgraph: 1\nnodes:\n" + "".join(f"  {node}\n" for node in nodes))
    with pytest.raises(GraphError, match="no network is given") as caught:
        compile(graph, {}, {}, Options(threads=1))
    assert "node 'p'" in str(caught.value)


def test_the_weights_are_counted(red: str) -> None:
    assert of(red).state_bytes(FORMATS) == 2 * Path(red).stat().st_size


def test_the_plan_says_that_the_layers_are_an_estimate(red: str) -> None:
    (note,) = SegmentOnnx(model=red, layers_mib=70).notes(FORMATS)
    assert "layers_mib: 70 is counted" in note
