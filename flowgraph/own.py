"""Node types of a program or of a person: from classes, files, folders and modules that were named.

A node class counts under the name of its class in snake case (`SoftGlow` is the type `soft_glow`), a function
decorated with `per_frame` under its own name. Names that begin with `_` are left out.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import re
import sys
from collections.abc import Iterable, Iterator
from hashlib import sha1
from pathlib import Path
from types import ModuleType
from typing import TypeAlias

from flowgraph.errors import FlowgraphError, GraphError
from flowgraph.library import type_names
from flowgraph.node import Node, ports

Nodes: TypeAlias = "str | Path | ModuleType | type[Node]"
"""Where node types come from: a class, a module, the name of a module, or the path of a file or folder."""


def own_types(sources: Iterable[Nodes]) -> dict[str, type[Node]]:
    """The node types in `sources`, by name. Files and modules are imported: their code runs.

    Raises:
        GraphError: there is no such file or module, its code fails, it has no node types, or a name is taken.
    """
    found: dict[str, type[Node]] = {}
    taken = set(type_names())
    for source in sources:
        kinds = list(_kinds(source))
        if not kinds:
            raise GraphError(f"{_title(source)} defines no node type", hint="a class Glow(flowgraph.Node)")
        for kind in kinds:
            name = snake(kind.__name__)
            if found.get(name, kind) is not kind:
                other = found[name].__module__
                raise GraphError(f"{_title(source)}: a node type '{name}' comes from {other} already")
            if name in taken:
                raise GraphError(
                    f"{_title(source)}: the node type '{name}' would hide the one of the library",
                    hint="give the class another name",
                )
            found[name] = kind
    return found


def snake(name: str) -> str:
    """A class's name as a type's: `SoftGlow` is `soft_glow`, `HSVMask` is `hsv_mask`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def _kinds(source: Nodes) -> Iterator[type[Node]]:
    if isinstance(source, type):
        _check(source, source.__name__)
        yield source
        return
    for module in _modules(source):
        for _, value in inspect.getmembers(module, inspect.isclass):
            own = value.__module__ == module.__name__ and value.__name__[0] != "_"
            if own and issubclass(value, Node) and not inspect.isabstract(value):
                _check(value, _title(source))
                yield value


def _check(kind: type[Node], where: str) -> None:
    """Say no to a class that can't work, before a graph uses it."""
    missing = "" if _does_something(kind) else "neither process nor accumulate and finish"
    if missing:
        raise GraphError(f"{where}: the node class {kind.__name__} has {missing}")
    if hasattr(kind, "process") and not ports(kind).outputs:
        raise GraphError(
            f"{where}: the node class {kind.__name__} has no output",
            hint="picture = Output(like=image)",
        )


def _does_something(kind: type[Node]) -> bool:
    from flowgraph.node import Sink, Source

    if issubclass(kind, (Source, Sink)):
        return kind.open is not Source.open and kind.open is not Sink.open
    return hasattr(kind, "process") or (hasattr(kind, "accumulate") and hasattr(kind, "finish"))


def _modules(source: str | Path | ModuleType) -> Iterator[ModuleType]:
    if isinstance(source, ModuleType):
        yield source
        return
    path = Path(source)
    if path.is_file():
        yield _load(path)
    elif path.is_dir():
        yield from (_load(file) for file in sorted(path.glob("*.py")) if file.name[0] != "_")
    elif isinstance(source, Path) or path.suffix == ".py" or len(path.parts) > 1:
        raise GraphError(f"{source}: no such file or folder of nodes")
    else:
        yield _imported(source)


def _imported(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name == name.partition(".")[0]:
            raise GraphError(
                f"there is no file, folder or module '{name}'", hint="a file of nodes ends in .py"
            ) from None
        raise GraphError(f"{name} can't be imported: {error}") from error
    except Exception as error:
        raise _failed(name, error) from error


def _load(path: Path) -> ModuleType:
    """Run a file as a module of its own; running it again gives classes of its own again."""
    name = f"{path.stem}_{sha1(str(path.resolve()).encode(), usedforsecurity=False).hexdigest()[:8]}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise GraphError(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # classes look their annotations up there
    try:
        spec.loader.exec_module(module)
    except FlowgraphError:
        raise
    except Exception as error:
        del sys.modules[name]
        raise _failed(str(path), error) from error
    return module


def _failed(where: str, error: Exception) -> GraphError:
    line = error.lineno if isinstance(error, SyntaxError) else _line(error, where)
    at = f":{line}" if line else ""
    return GraphError(f"{where}{at}: can't be loaded: {type(error).__name__}: {error}")


def _line(error: Exception, where: str) -> int:
    """The last line of the file itself on the way to the error."""
    trace, found = error.__traceback__, 0
    while trace is not None:
        if Path(trace.tb_frame.f_code.co_filename).resolve() == Path(where).resolve():
            found = trace.tb_lineno
        trace = trace.tb_next
    return found


def _title(source: Nodes) -> str:
    return source.__name__ if isinstance(source, (ModuleType, type)) else str(source)
