"""Build hook: compiles the kernels in flowgraph/native where there is a C compiler."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_FLAGS = (
    "-std=gnu11", "-O3", "-fPIC", "-shared", "-fvisibility=hidden", "-fno-strict-aliasing",
    "-ffp-contract=off",  # a product and a sum rounded in one step would be other bits
)  # fmt: skip
_CLONES = "-DFLOWGRAPH_CLONES"


class NativeKernels(BuildHookInterface[Any]):
    """Puts flowgraph/native/kernels.so into wheels and, for editable installs, into the tree."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile; without a compiler the wheel is pure, and runs give the same bits."""
        folder = Path(self.root, "flowgraph", "native")
        library = folder / "kernels.so"
        library.unlink(missing_ok=True)
        if not compile_kernels(sorted(folder.glob("*.c")), library):
            self.app.display_warning(
                "no C compiler that works: flowgraph is built without its native kernels"
            )
            return
        build_data["artifacts"].append("/flowgraph/native/kernels.so")
        build_data["pure_python"] = False
        name = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["tag"] = f"py3-none-{name}"


def compile_kernels(sources: list[Path], library: Path) -> bool:
    """Compile for several generations of x86-64 in one file where that works, or else for the plainest."""
    if sys.platform == "win32":
        return False
    compilers = [os.environ.get("CC", ""), "cc", "gcc", "clang"]
    found = [path for name in compilers if name and (path := shutil.which(name.split()[0]))]
    clones = platform.machine() in ("x86_64", "AMD64") and sys.platform == "linux"
    part = library.with_name(f"kernels.{os.getpid()}.tmp")
    for compiler in found:
        for extra in ([_CLONES], []) if clones else ([],):
            command = [compiler, *_FLAGS, *extra, "-o", str(part), *map(str, sources)]
            if subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True).returncode == 0:
                # A running process may have the old file mapped.
                part.replace(library)
                return True
    part.unlink(missing_ok=True)
    return False
