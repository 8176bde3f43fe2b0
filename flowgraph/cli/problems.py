"""What a failed command prints, and its exit status.

2: the graph or the call is wrong. 1: the run failed, or this machine lacks something. 130: interrupted.
Anything that is none of these is a bug in flowgraph, and said to be one.
"""

from __future__ import annotations

import os
import re
import sys
import traceback
from collections.abc import Sequence

import click

from flowgraph.errors import FlowgraphError

TRACEBACK = "FLOWGRAPH_TRACEBACK"
INTERRUPTED = 130

_LIBRARY_HINT = "on Debian and Ubuntu: apt-get install {apt}; on Fedora: dnf install {dnf}"
_PACKAGES = {
    "libGL": ("libgl1", "mesa-libGL"),
    "libEGL": ("libegl1", "mesa-libEGL"),
    "libglib": ("libglib2.0-0", "glib2"),
    "libgthread": ("libglib2.0-0", "glib2"),
    "libSM": ("libsm6", "libSM"),
    "libXext": ("libxext6", "libXext"),
    "libXrender": ("libxrender1", "libXrender"),
    "libxcb": ("libxcb1", "libxcb"),
}
"""System libraries that OpenCV's wheels load: the start of their name to their packages."""


def missing_library(error: ImportError) -> str:
    """One line for a shared library that the system lacks; empty if the error is of another kind."""
    match = re.search(r"(lib[\w+.-]+\.so[.\d]*): cannot open shared object file", str(error))
    if match is None:
        return ""
    known = [packages for start, packages in _PACKAGES.items() if match[1].startswith(start)]
    # Whoever lacks libGL mostly lacks glib as well: naming both saves the second round.
    wanted = dict.fromkeys([*known, _PACKAGES["libGL"], _PACKAGES["libglib"]])
    apt, dnf = " ".join(p[0] for p in wanted), " ".join(p[1] for p in wanted)
    hint = _LIBRARY_HINT.format(apt=apt, dnf=dnf)
    return f"the system library {match[1]} is missing\n    {hint}"


def say(text: str) -> None:
    """Print an error on standard error: its first line bold, the caret and what would be right in colour."""
    first, *rest = text.splitlines() or [""]
    click.echo(click.style(first, bold=True), err=True)
    for line in rest:
        caret, hint = re.match(r"(\s*\^+)?(.*)", line, re.DOTALL).groups(default="")  # type: ignore[union-attr]  # matches any line
        click.echo(
            click.style(caret, fg="red") + (click.style(hint, fg="green") if caret else hint), err=True
        )


def _usage_text(error: click.UsageError) -> str:
    """A wrong call in the style of all other errors: where, what, what would be right."""
    path = error.ctx.command_path if error.ctx else "flowgraph"
    message = error.format_message().rstrip(".")
    hint = ""
    if isinstance(error, click.NoSuchOption):
        message = f"no such option '{error.option_name}'"
        hint = f"did you mean '{error.possibilities[0]}'?" if error.possibilities else ""
    message = message[:1].lower() + message[1:]
    return f"{path}: {message}\n    {hint or f'try: {path} --help'}"


def report(error: BaseException, args: Sequence[str]) -> int:
    """Print what went wrong, for people, and give the exit status.

    `-v` adds the traceback of a bug, the environment variable that of every error. Notes of the error come
    last.
    """
    status = _said(error, args)
    for note in getattr(error, "__notes__", ()):
        click.echo(note, err=True)
    return status


def _said(error: BaseException, args: Sequence[str]) -> int:
    always = os.environ.get(TRACEBACK, "0") not in ("", "0")
    if always:
        traceback.print_exception(error)
    match error:
        case click.exceptions.NoArgsIsHelpError():
            click.echo(error.format_message(), err=True)
            return error.exit_code
        case click.UsageError():
            say(_usage_text(error))
            return error.exit_code
        case click.ClickException():
            say(error.format_message())
            return error.exit_code
        case KeyboardInterrupt() | click.Abort():
            say("interrupted")
            return INTERRUPTED
        case FlowgraphError():
            say(str(error))
            return error.exit_code
        case BrokenPipeError():
            # Whoever read our output went away; Python would complain again when it flushes at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 1
        case ImportError() if line := missing_library(error):
            say(line)
            return 1
        case OSError() if error.filename:
            say(f"{error.filename}: {(error.strerror or 'cannot be used').lower()}")
            return 1
        case MemoryError():
            say("this machine has not enough memory\n    --max-memory sets a bound that flowgraph keeps")
            return 1
        case _:
            if not always and {"-v", "--verbose"} & set(args):
                traceback.print_exception(error)
            name = type(error).__name__
            text = f"{name}: {error}".splitlines()[0]
            say(
                f"this is a bug in flowgraph: {text}\n    {TRACEBACK}=1 (or -v) shows where; please report it"
            )
            return 1
