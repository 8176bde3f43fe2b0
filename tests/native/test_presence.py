"""Whether the kernels are there, and how they are switched off and built."""

import os
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from flowgraph import native

ROOT = Path(__file__).parents[2]


def build_hook() -> ModuleType:
    spec = spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def sources() -> list[Path]:
    return sorted((ROOT / "flowgraph" / "native").glob("*.c"))


def test_where_they_are_expected_they_are_there() -> None:
    expected = os.environ.get("FLOWGRAPH_EXPECT_NATIVE") == "1"
    assert expected <= native.available(), native.why_not()


def test_it_is_said_why_they_are_not_used() -> None:
    assert bool(native.why_not()) != native.available()


def test_the_environment_switches_them_off() -> None:
    program = "from flowgraph import native; print(native.available(), native.why_not())"
    environment = {**os.environ, "FLOWGRAPH_NATIVE": "0"}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "False switched off by FLOWGRAPH_NATIVE=0\n"


def test_without_a_compiler_nothing_is_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CC", "no-such-compiler")
    assert not build_hook().compile_kernels(sources(), tmp_path / "kernels.so")
    assert list(tmp_path.iterdir()) == []


def test_a_compiler_that_fails_leaves_nothing(tmp_path: Path) -> None:
    broken = tmp_path / "broken.c"
    broken.write_text("int missing(void) { return nothing; }\n")
    assert not build_hook().compile_kernels([broken], tmp_path / "kernels.so")
    assert list(tmp_path.iterdir()) == [broken]
