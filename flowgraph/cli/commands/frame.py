"""`flowgraph frame`: one frame of one node as an image file."""

from __future__ import annotations

from typing import Any

import click

from flowgraph.cli.call import ENGINE, GRAPH, PARAMS, make_call, output_file, with_options
from flowgraph.errors import GraphError


@click.command()
@GRAPH
@with_options(PARAMS[:1])
@click.option("--node", required=True, metavar="NAME", help="Whose output; NAME.PORT for a further one.")
@click.option("--at", type=click.IntRange(0), default=0, metavar="N", help="Which frame, from 0.")
@click.option("-o", "image", required=True, metavar="FILE", help="png, tiff, jpg, ...")
@with_options(PARAMS[2:], ENGINE)
def frame(name: str, node: str, at: int, image: str, **given: Any) -> None:
    """Compute one frame of one node of GRAPH, and no more than that frame needs."""
    import cv2

    from flowgraph import single

    path = output_file(image)
    if not cv2.haveImageWriter(image):
        raise GraphError(f"{image}: no image format is known by '{path.suffix}'", hint="png keeps every bit")
    call = make_call(name, **given).discarding()
    found = single.compute_frame(call.graph, call.values, call.overrides, call.options, node=node, at=at)
    done, data = cv2.imencode(path.suffix, found.data)
    if not done:
        raise GraphError(f"{image}: '{path.suffix}' can't hold {found.format}", hint="png keeps every bit")
    path.write_bytes(data.tobytes())
    seconds = float(found.time)
    click.echo(f"{image}: frame {found.index} of '{node}' at {seconds:.3f} s, {found.format}", err=True)
