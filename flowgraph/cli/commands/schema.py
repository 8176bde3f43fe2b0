"""`flowgraph schema`: what editors complete and check graph files with."""

from __future__ import annotations

import json

import click

from flowgraph.cli.call import OWN, output_file, with_options


@click.command()
@click.option("-o", "file", default="-", metavar="FILE", help="Default: standard output.")
@with_options(OWN)
def schema(file: str, own: tuple[str, ...]) -> None:
    """Write the JSON Schema of graph files, made from all installed node types.

    Editors with YAML support read it from a graph file's first line:

    \b
    # yaml-language-server: $schema=./flowgraph.schema.json
    """
    from flowgraph.document.schema import schema as make_schema
    from flowgraph.own import own_types

    text = json.dumps(make_schema(own_types(own)), indent=2, ensure_ascii=False)
    if file == "-":
        click.echo(text)
    else:
        output_file(file).write_text(text + "\n", encoding="utf-8")
        click.echo(file, err=True)
