"""Makes the JSON Schema of graph files from the node library, for completion and hover help in editors."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from pydantic_core import PydanticUndefined

from flowgraph.document.describe import parameters
from flowgraph.document.load import VERSION
from flowgraph.document.values import PARAM_TYPES, written
from flowgraph.frame import EMPTY
from flowgraph.library import node_type, type_names
from flowgraph.node import Input, Node, ports

Schema = dict[str, Any]

_NAME = "[A-Za-z_][A-Za-z0-9_-]*"
_REF: Schema = {"$ref": "#/$defs/ref"}
_PARAMETER: Schema = {"$ref": "#/$defs/parameter"}


def schema(own: Mapping[str, type[Node]] = EMPTY) -> Schema:
    """The schema of graph files (draft 2020-12) with all installed node types, and those of `own`."""
    kinds = {name: node_type(name) for name in type_names()} | dict(own)
    defs: Schema = {
        "name": {"type": "string", "pattern": f"^{_NAME}$"},
        "ref": {
            "type": "string",
            "pattern": rf"^{_NAME}(/[0-9]+)?(\.[A-Za-z_][A-Za-z0-9_]*)?$",
            "description": "a node; NODE.PORT for one of its other outputs, NODE/0 for a step of a chain",
        },
        "reads": {"anyOf": [_REF, {"type": "array", "items": _REF, "minItems": 1}]},
        "parameter": {
            "type": "string",
            "pattern": r"^\$[A-Za-z_][A-Za-z0-9_-]*$|\$\{[^}]*\}",
            "description": "the value of a parameter of the graph",
        },
        "param": _param(),
        "step": _step(kinds),
        "node": _node(kinds),
    }
    for name, kind in kinds.items():
        defs[f"node.{name}"] = _typed(name, kind)
        defs |= _inner_defs(name, kind)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "flowgraph graph",
        "type": "object",
        "required": ["flowgraph", "nodes"],
        "additionalProperties": False,
        "properties": {
            "flowgraph": {"const": VERSION, "description": "version of the format"},
            "title": {"type": "string", "description": "a few words"},
            "about": {"type": "string", "description": "what the graph does"},
            "params": _mapping(
                {"$ref": "#/$defs/param"}, "what can be set from outside: $name stands for it"
            ),
            "inputs": {
                "type": "array",
                "items": {"$ref": "#/$defs/name"},
                "uniqueItems": True,
                "description": "streams that a graph takes which inserts this one with 'use'",
            },
            "nodes": _mapping({"$ref": "#/$defs/node"}, "the steps by name, in any order")
            | {"minProperties": 1},
            "outputs": _mapping(_REF, "streams for a graph that inserts this one with 'use'"),
        },
        "$defs": defs,
    }


def _mapping(values: Schema, description: str) -> Schema:
    names = {"$ref": "#/$defs/name"}
    return {
        "type": "object",
        "propertyNames": names,
        "additionalProperties": values,
        "description": description,
    }


def _param() -> Schema:
    """A graph's parameter; types other than numbers have no bounds."""
    bound = {"type": "number"}
    scalar = {"type": ["string", "number", "boolean"]}
    full = {
        "type": "object",
        "required": ["type"],
        "additionalProperties": False,
        "properties": {
            "type": {"enum": list(PARAM_TYPES)},
            "default": {"type": ["string", "number", "boolean", "null"]},
            "min": bound,
            "max": bound,
            "choices": {"type": "array", "items": scalar, "minItems": 1},
            "help": {"type": "string"},
        },
        "dependentSchemas": {
            bound: {"properties": {"type": {"enum": ["int", "float"]}}} for bound in ("min", "max")
        },
        "if": {"properties": {"type": {"const": "choice"}}},
        "then": {"required": ["choices"]},
    }
    return {"anyOf": [full, scalar | {"description": "the default, which tells the type"}]}


def _node(kinds: Mapping[str, type[Node]]) -> Schema:
    """A node is told apart by its keys, and one with a type by that."""
    types = [{"const": name, "description": _about(kind)} for name, kind in kinds.items()]
    reads: Schema = {"anyOf": [{"$ref": "#/$defs/reads"}, _mapping({"$ref": "#/$defs/reads"}, "by port")]}
    feeds: Schema = {"anyOf": [{"$ref": "#/$defs/reads"}, _mapping(_REF, "by input")]}
    chain: Schema = {"type": "array", "items": {"$ref": "#/$defs/step"}, "minItems": 1}
    use: Schema = {"type": "string", "description": "a graph file to insert, relative to this one"}
    values: Schema = {"type": "object", "description": "values of its parameters"}
    forms: list[Schema] = [
        _when("chain", {"chain": chain, "in": reads}),
        _when("use", {"use": use, "in": feeds, "with": values}),
    ]
    for name in kinds:
        condition = {"properties": {"type": {"const": name}}, "required": ["type"]}
        forms.append({"if": condition, "then": {"$ref": f"#/$defs/node.{name}"}})
    return {
        "type": "object",
        "properties": {"type": {"oneOf": types}, "chain": {}, "use": {}, "in": {}},
        "oneOf": [{"required": [key]} for key in ("type", "chain", "use")],
        "allOf": forms,
    }


def _when(key: str, properties: Schema) -> Schema:
    closed = {"properties": properties, "additionalProperties": False}
    return {"if": {"required": [key]}, "then": closed}


def _typed(name: str, kind: type[Node]) -> Schema:
    """A node of one type: its parameters, and `in` with its ports."""
    inputs = ports(kind).inputs
    properties: Schema = {"type": {"const": name}}
    if inputs:
        properties["in"] = _reads(inputs)
    required = ["in"] if any(not port.optional for port in inputs.values()) else []
    return {
        "description": _about(kind),
        "properties": properties | _fields(name, kind),
        "required": ["type", *required, *_required(kind)],
        "additionalProperties": False,
    }


def _reads(inputs: Mapping[str, Input]) -> Schema:
    needed = [name for name, port in inputs.items() if not port.optional]
    least = sum(port.least if port.variadic else 1 for port in inputs.values() if not port.optional)
    listed: Schema = {"type": "array", "items": _REF, "minItems": max(1, least)}
    if not any(port.variadic for port in inputs.values()):
        listed["maxItems"] = len(inputs)
    by_port: Schema = {
        "type": "object",
        "properties": {name: _port(port) for name, port in inputs.items()},
        "required": needed,
        "minProperties": 1,
        "additionalProperties": False,
    }
    return {
        "anyOf": [*([_REF] if least <= 1 else []), listed, by_port],
        "description": f"what it reads, for {', '.join(inputs)}",
    }


def _port(port: Input) -> Schema:
    return {"$ref": "#/$defs/reads"} if port.variadic else {"anyOf": [_REF, _list_of_one()]}


def _list_of_one() -> Schema:
    return {"type": "array", "items": _REF, "minItems": 1, "maxItems": 1}


def _step(kinds: Mapping[str, type[Node]]) -> Schema:
    """A step of a chain: `invert`, `{delay: 5}` or `{blur: {sigma: 3}}`."""
    bare = [
        {"const": name, "description": _about(kind)} for name, kind in kinds.items() if not _required(kind)
    ]
    full = {
        "type": "object",
        "properties": {name: _step_values(name, kind) for name, kind in kinds.items()},
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }
    return {"anyOf": [{"oneOf": bare}, full]}


def _step_values(name: str, kind: type[Node]) -> Schema:
    fields = _fields(name, kind)
    values: Schema = {
        "type": "object",
        "properties": fields,
        "required": _required(kind),
        "additionalProperties": False,
    }
    short = kind.main and set(_required(kind)) <= {kind.main}
    return {"description": _about(kind), "anyOf": [*([fields[kind.main]] if short else []), values]}


def _about(kind: type[Node]) -> str:
    return inspect.getdoc(kind) or ""


def _required(kind: type[Node]) -> list[str]:
    return [name for name, field in parameters(kind).items() if field.is_required()]


def _model(name: str, kind: type[Node]) -> Schema:
    return kind.model_json_schema(ref_template=f"#/$defs/{name}.{{model}}")


def _inner_defs(name: str, kind: type[Node]) -> Schema:
    return {f"{name}.{key}": _opened(value) for key, value in _model(name, kind).get("$defs", {}).items()}


def _fields(name: str, kind: type[Node]) -> Schema:
    """The parameters of a type by name; each may be a parameter of the graph instead of a value."""
    found: Schema = {}
    model = _model(name, kind).get("properties", {})
    for key, field in parameters(kind).items():
        opened = _opened(model[key])
        about = {k: opened.pop(k) for k in ("description",) if k in opened}
        opened.pop("default", None)
        default = field.get_default(call_default_factory=True, validated_data={})
        if default is not PydanticUndefined:
            about["default"] = _json(written(default))
        found[key] = {"anyOf": [opened, _PARAMETER], **about}
    return found


def _opened(value: Any) -> Any:
    """pydantic's schema without its titles, and with `$name` allowed for the items of lists."""
    if isinstance(value, list):
        return [_opened(item) for item in value]
    if not isinstance(value, dict):
        return value
    opened: Schema = {
        key: _opened(item) for key, item in value.items() if key != "title" or not isinstance(item, str)
    }
    for key in ("items", "additionalProperties"):
        if isinstance(opened.get(key), dict):
            opened[key] = {"anyOf": [opened[key], _PARAMETER]}
    if "prefixItems" in opened:
        opened["prefixItems"] = [{"anyOf": [item, _PARAMETER]} for item in opened["prefixItems"]]
    return opened


def _json(value: Any) -> Any:
    return [_json(item) for item in value] if isinstance(value, tuple) else value
