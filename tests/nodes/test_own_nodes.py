"""Node types of one's own: from functions, classes, files, folders, modules and installed packages."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any

import numpy as np
import pytest
from pydantic import Field

import flowgraph
from flowgraph import Frame, GraphBuilder, GraphError, Input, Node, Output, per_frame
from flowgraph.cli.main import main
from flowgraph.document.schema import schema
from flowgraph.frame import Plane
from flowgraph.own import own_types, snake
from flowgraph.testing import run_node


@per_frame
def posterize(image: Plane, levels: Annotated[int, Field(ge=1, le=256)] = 4) -> Plane:
    """Leave few levels.

    Of each channel.
    """
    step = 256 // levels
    return image // step * step


@per_frame("gray", "bgr24")
def negative(image: Plane, out: Plane, *, most: int = 255) -> None:
    np.subtract(most, image, out=out)


class FirstHalf(Node):
    """Show the left half, and black."""

    image = Input("bgr24", "gray")
    picture = Output(like=image)

    def process(self, image: Frame, picture: Frame) -> None:
        half = image.format.width // 2
        picture.data[:, :half] = image.data[:, :half]
        picture.data[:, half:] = 0


GRAPH = """
flowgraph: 1
nodes:
  video: {type: testsrc, size: 64x48, length: 4, format: bgr24}
  few: {type: posterize, in: video, levels: 2}
  half: {type: first_half, in: few}
  out: {type: sink, in: half, path: 'null'}
"""
RAMP = np.arange(0, 240, dtype=np.uint8).reshape(8, 10, 3)


def test_a_function_is_a_node_type_with_its_text_and_parameters() -> None:
    (frame,) = run_node(posterize(levels=2), RAMP)  # type: ignore[call-arg]  # the class is made at run time
    assert np.array_equal(frame.data, np.where(RAMP < 128, 0, 128))
    assert (posterize.__name__, posterize.__doc__) == ("posterize", "Leave few levels.\n\nOf each channel.")
    with pytest.raises(ValueError, match="greater than or equal to 1"):
        posterize(levels=0)  # type: ignore[call-arg]  # the class is made at run time


@pytest.mark.parametrize("picture", [RAMP, RAMP[..., 0]])
def test_a_function_may_fill_what_it_is_given(picture: Plane) -> None:
    (frame,) = run_node(negative(most=250), picture)  # type: ignore[call-arg]  # the class is made at run time
    assert np.array_equal(frame.data, 250 - picture)


def test_a_function_that_returns_something_else_is_told_what_is_needed() -> None:
    @per_frame
    def mean(image: Plane) -> Plane:
        return image / 2

    with pytest.raises(ValueError, match=r"it returned float64 of shape \(8, 10, 3\); a picture of uint8"):
        run_node(mean(), RAMP)


def nothing() -> None: ...
def untyped(image: Plane, level=3) -> Plane: ...  # type: ignore[no-untyped-def,empty-body]  # that is the case
def many(image: Plane, *rest: int) -> Plane: ...  # type: ignore[empty-body]  # only its signature is read


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (nothing, "the function nothing takes no picture"),
        (untyped, "the function untyped: 'level' has no type"),
        (many, r"the function many: '\*rest: int' can't be given in a graph"),
    ],
)
def test_functions_that_can_not_be_nodes_are_refused(function: Any, said: str) -> None:
    with pytest.raises(GraphError, match=said):
        per_frame(function)


@pytest.mark.parametrize("format", ["yuv420p", "table", "rgb"])
def test_formats_of_several_planes_are_refused(format: str) -> None:
    with pytest.raises(GraphError, match=f"'{format}' is no pixel format of one plane"):
        per_frame(format)


def test_a_graph_uses_classes_that_are_given() -> None:
    graph = flowgraph.loads(GRAPH, nodes=[posterize, FirstHalf])
    assert flowgraph.run(graph).frames == 4
    frame = flowgraph.compute_frame(graph, node="half", at=2)
    assert set(np.unique(frame.data)) == {0, 128}
    assert not frame.data[:, 32:].any()


def test_a_built_graph_uses_them_too() -> None:
    build = GraphBuilder(nodes=[posterize])
    video = build.add("testsrc", name="video", size="64x48", length=2)
    build.add("sink", build.add("posterize", video, name="few"), name="out", path="null")
    assert flowgraph.run(build.build()).frames == 2


def test_graphs_do_not_share_the_types_that_they_were_given() -> None:
    flowgraph.loads(GRAPH, nodes=[posterize, FirstHalf])
    with pytest.raises(GraphError, match="no node type is called 'posterize'"):
        flowgraph.compile(flowgraph.loads(GRAPH))


def test_an_inserted_graph_has_the_types_of_the_outer_one(tmp_path: Path) -> None:
    (tmp_path / "inner.yaml").write_text(
        "flowgraph: 1\ninputs: [image]\noutputs: {image: few}\nnodes:\n  few: {type: posterize, in: image}\n"
    )
    (tmp_path / "outer.yaml").write_text(
        "flowgraph: 1\nnodes:\n  video: {type: testsrc, size: 64x48, length: 2}\n"
        "  inner: {use: inner.yaml, in: video}\n  out: {type: sink, in: inner, path: 'null'}\n"
    )
    graph = flowgraph.load(tmp_path / "outer.yaml", nodes=[posterize])
    assert flowgraph.run(graph).frames == 2


def test_the_schema_knows_them() -> None:
    made: Mapping[str, Any] = schema(own_types([posterize]))
    assert "node.posterize" in made["$defs"]


@pytest.mark.parametrize(
    ("name", "type"), [("Glow", "glow"), ("SoftGlow", "soft_glow"), ("HSVMask", "hsv_mask"), ("warm", "warm")]
)
def test_a_class_counts_under_its_name_in_snake_case(name: str, type: str) -> None:
    assert snake(name) == type


def test_names_of_the_library_and_of_each_other_are_refused() -> None:
    class Blur(FirstHalf):
        """Another blur."""

    other = type("FirstHalf", (FirstHalf,), {"__module__": "elsewhere"})
    with pytest.raises(GraphError, match="the node type 'blur' would hide the one of the library"):
        own_types([Blur])
    with pytest.raises(GraphError, match=r"a node type 'first_half' comes from .* already"):
        own_types([FirstHalf, other])


def test_classes_that_do_nothing_are_refused() -> None:
    class Idle(Node):
        """Nothing at all."""

    class Blind(Node):
        """No output."""

        image = Input("gray")

        def process(self, image: Frame) -> None: ...

    with pytest.raises(GraphError, match="Idle has neither process nor accumulate and finish"):
        own_types([Idle])
    with pytest.raises(GraphError, match="Blind has no output"):
        own_types([Blind])


FILE = '''
from __future__ import annotations
import numpy as np
import flowgraph
from flowgraph import Frame, Input, Node, Output

@flowgraph.per_frame
def posterize(image: np.ndarray, levels: int = 4) -> np.ndarray:
    """Leave few levels."""
    step = 256 // levels
    return image // step * step

class FirstHalf(Node):
    """Show the left half."""

    image = Input("bgr24")
    picture = Output(like=image)

    def process(self, image: Frame, picture: Frame) -> None:
        picture.data[:] = image.data

class _Base(Node):
    pass
'''


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a graph and a file of nodes, which is the working directory."""
    (tmp_path / "mine.py").write_text(FILE)
    (tmp_path / "own.yaml").write_text(GRAPH)
    (tmp_path / "all").mkdir()
    (tmp_path / "all" / "few.py").write_text(FILE.partition("class")[0])
    (tmp_path / "all" / "half.py").write_text(FILE.replace("posterize", "_posterize"))
    (tmp_path / "all" / "_helpers.py").write_text("raise RuntimeError")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("source", ["mine.py", "all"])
@pytest.mark.usefixtures("files")
def test_files_and_folders_are_named_on_the_command_line(
    source: str, capfd: pytest.CaptureFixture[str]
) -> None:
    for command in (["run"], ["check"], ["plan"], ["show", "-o", "own.svg"], ["bench"]):
        assert main([command[0], "own.yaml", "--nodes", source, *command[1:]]) == 0
    assert main(["frame", "own.yaml", "--nodes", source, "--node", "few", "-o", "few.png"]) == 0
    capfd.readouterr()
    assert main(["nodes", "posterize", "--nodes", source]) == 0
    assert capfd.readouterr().out.startswith("posterize: Leave few levels.")
    assert main(["nodes", "--nodes", source]) == 0
    assert "  first_half " in capfd.readouterr().out
    assert main(["schema", "--nodes", source]) == 0
    assert '"node.posterize"' in capfd.readouterr().out


def test_a_module_is_named_by_itself_or_its_name(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(files)
    (files / "own_module_under_test.py").write_text(FILE)
    found = own_types(["own_module_under_test"])
    module = sys.modules.pop("own_module_under_test")
    assert isinstance(module, ModuleType)
    assert sorted(found) == ["first_half", "posterize"]
    assert own_types([module]) == found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import x y", r"bad.py:1: can't be loaded: SyntaxError"),
        ("\n1 / 0", "bad.py:2: can't be loaded: ZeroDivisionError: division by zero"),
        ("x = 1", "bad.py defines no node type"),
        ("import no_such_module_at_all", "bad.py:1: can't be loaded: ModuleNotFoundError"),
    ],
)
def test_files_that_can_not_be_loaded_are_located(
    files: Path, text: str, said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    (files / "bad.py").write_text(text)
    assert main(["check", "own.yaml", "--nodes", "bad.py"]) == 2
    assert said in capfd.readouterr().err


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("gone.py", "gone.py: no such file or folder of nodes"),
        ("some/where", "some/where: no such file or folder of nodes"),
        ("no_such_module", "there is no file, folder or module 'no_such_module'"),
    ],
)
def test_sources_that_are_not_there_are_said_to_be_missing(source: str, said: str) -> None:
    with pytest.raises(GraphError, match=said):
        own_types([source])


PACKAGE = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "acme-nodes"
version = "1"
[project.entry-points."flowgraph.nodes"]
acme = "acme_nodes"
[tool.hatch.build.targets.wheel]
packages = ["acme_nodes"]
"""


def test_an_installed_package_brings_types_under_its_name(files: Path) -> None:
    package = files / "package" / "acme_nodes"
    package.mkdir(parents=True)
    (files / "package" / "pyproject.toml").write_text(PACKAGE)
    (package / "__init__.py").write_text("")
    (package / "posterize.py").write_text(FILE.partition("class")[0])
    (package / "first_half.py").write_text(FILE.replace("posterize", "_posterize"))
    environment = files / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True)
    python = environment / "bin" / "python"
    site = next((environment / "lib").glob("python*")) / "site-packages"
    # What this environment has, the new one sees; what is installed there, nobody else does.
    (site / "here.pth").write_text(
        "\n".join([*(path for path in sys.path if path), sysconfig.get_path("purelib")])
    )
    install = ["-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--no-index", "./package"]
    subprocess.run([python, *install], check=True, cwd=files)
    (files / "acme.yaml").write_text(
        GRAPH.replace("first_half", "acme.first_half").replace("posterize", "acme.posterize")
    )
    command = [python, "-m", "flowgraph"]
    ran = subprocess.run([*command, "run", "acme.yaml"], cwd=files, capture_output=True, text=True)
    assert (ran.returncode, "4 frames" in ran.stderr) == (0, True), ran.stderr
    listed = subprocess.run([*command, "nodes", "acme.posterize"], capture_output=True, text=True, check=True)
    assert listed.stdout.startswith("acme.posterize: Leave few levels.")
    assert main(["check", "acme.yaml"]) == 2
