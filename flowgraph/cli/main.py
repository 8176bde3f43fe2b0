"""The entry point: finds the command, runs it, turns what it raises into a line and an exit status."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from flowgraph import __version__
from flowgraph.cli import problems, registry
from flowgraph.cli.process import start_quickly
from flowgraph.errors import GraphError, did_you_mean


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give all names, in the order of help."""
        return list(registry.command_names())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Give one command; this imports its module."""
        return registry.command(cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that was called, or say which one was meant."""
        name = args[0]
        known = name in registry.BUILTIN or name in self.list_commands(ctx)
        if not known and not name.startswith("-"):
            hint = did_you_mean(name, self.list_commands(ctx)) or "'flowgraph --help' lists them"
            raise GraphError(f"flowgraph: no command is called '{name}'", hint=hint)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, registry.short_help(name)) for name in self.list_commands(ctx)])


@click.command(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="GRAPH is a file, or the name of a graph that comes with the package ('flowgraph graphs').",
)
@click.version_option(__version__, package_name="flowgraph-engine", message="flowgraph %(version)s")
@click.option("-v", "--verbose", is_flag=True, expose_value=False, help="Show the traceback of a bug.")
def cli() -> None:
    """Video effects as graphs, run as a stream in bounded memory."""


def main(args: Sequence[str] | None = None) -> int:
    """Run one command line and give its exit status."""
    given = list(sys.argv[1:] if args is None else args)
    if args is None:
        start_quickly()
    try:
        # NO_COLOR is a convention of many programs (no-color.org); click itself looks at the terminal only.
        color = False if os.environ.get("NO_COLOR") else None
        result = cli.main(given, prog_name="flowgraph", standalone_mode=False, color=color)
        sys.stdout.flush()
    except Exception as error:
        return problems.report(error, given)
    except KeyboardInterrupt as error:
        return problems.report(error, given)
    return result if isinstance(result, int) else 0
