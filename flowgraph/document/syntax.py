"""Says what PyYAML's scanner and parser complain about in the words of people who write graphs."""

from __future__ import annotations

import re
from collections.abc import Sequence

import yaml
from yaml.error import Mark, MarkedYAMLError
from yaml.reader import ReaderError

from flowgraph.errors import GraphError, Place

_WORDS: tuple[tuple[str, str, str], ...] = (
    (r"'\\t' that cannot start any token", "a tab in the indentation", "indent with spaces"),
    (r"mapping values are not allowed", "a second ':' in a value", "quote it, or check the indentation"),
    (r"could not find expected ':'", "a ':' is missing", "write 'key: value'"),
    (r"expected alphabetic or numeric", "a text can't begin with '*', '&' or '!'", "quote the text"),
    (r"character '(.)' that cannot start any token", "a value can't begin with '{0}'", "quote the text"),
    (r"unexpected end of stream", "a quoted text is never closed", "add the closing quote"),
    (r"unknown escape character", "an unknown escape in a quoted text", "write \\\\ for \\, or use '...'"),
    (r"did not find expected ',' or '\]'|expected ',' or '\]'", "a ',' or ']' is missing", ""),
    (r"did not find expected ',' or '\}'|expected ',' or '\}'", "a ',' or '}}' is missing", ""),
    (r"expected <block end>", "this doesn't line up with the lines before", "check the indentation"),
    (r"expected the node content", "a value is missing", "or a ',' or a bracket is one too many"),
    (r"sequence entries are not allowed here", "a list can't start here", "start it on a line of its own"),
    (r"duplicate anchor", "an anchor, which graph files don't have", "write the value out"),
)  # fmt: skip


def syntax_error(error: yaml.YAMLError, text: str, lines: Sequence[str], name: str) -> GraphError:
    """The located error for what PyYAML raised."""
    if isinstance(error, ReaderError):
        return _unreadable(error, text, name)
    assert isinstance(error, MarkedYAMLError), error
    mark = error.problem_mark or error.context_mark
    assert mark is not None, error
    problem = error.problem or error.context or "not YAML"
    opened = error.context_mark
    if "flow" in (error.context or "") and opened is not None and opened.line != mark.line:
        bracket = lines[opened.line][opened.column : opened.column + 1]
        closing = {"{": "}", "[": "]"}.get(bracket, bracket)
        return GraphError(
            f"'{bracket}' is never closed",
            place=_place(opened, lines, name),
            hint=f"a ',' or '{closing}' is missing before line {mark.line + 1}",
        )
    if "\t" in lines[mark.line][: -len(lines[mark.line].lstrip()) or None]:
        return GraphError(
            "a tab in the indentation", place=_place(mark, lines, name), hint="indent with spaces"
        )
    for pattern, message, hint in _WORDS:
        if match := re.search(pattern, problem):
            return GraphError(message.format(*match.groups()), place=_place(mark, lines, name), hint=hint)
    return GraphError(f"not YAML: {problem}", place=_place(mark, lines, name))


def _unreadable(error: ReaderError, text: str, name: str) -> GraphError:
    before = text[: error.position]
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    code = text[error.position : error.position + 1]
    return GraphError(
        f"a character that YAML doesn't allow: U+{ord(code):04X}",
        place=Place(name, line, column),
        hint='write it in double quotes as an escape, as in "\\x07"',
    )


def _place(mark: Mark, lines: Sequence[str], name: str) -> Place:
    """The place of a mark; a mark behind the last line stands for the end of that line."""
    line, column = mark.line, mark.column
    while line > 0 and (line >= len(lines) or not lines[line].strip()):
        line -= 1
        column = len(lines[line].rstrip())
    return Place(name, line + 1, column + 1, 1, lines[line])
