"""A page that shows a video while effects are computed on it: python mjpeg_page.py clip.mp4

Then open http://127.0.0.1:8000. Needs starlette and uvicorn. Each visitor has runs of their own, as quick as
the browser takes the pictures; when the visitor leaves, they end and nothing stays behind.
"""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import cv2
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, StreamingResponse
from starlette.routing import Route

import flowgraph

GRAPH = flowgraph.loads("""
flowgraph: 1
params:
  input: {type: path}
  mode: {type: choice, choices: [addition, screen, difference], default: addition}
nodes:
  video: {type: source, path: $input, format: bgr24}
  past:  {type: delay, in: video, frames: 4}
  moved: {type: absdiff, in: [video, past]}
  soft:  {type: blur, in: moved, sigma: 4}
  light: {type: blend, in: [video, soft], mode: $mode}
""")
PAGE = """<!doctype html><title>What moves</title>
<body style="margin: 2em; font-family: sans-serif; background: #111; color: #eee">
<h1>What moves</h1>
<img src="/stream/addition" alt="motion as a glow"> <img src="/stream/difference" alt="motion alone">
"""


async def pictures(clip: Path, mode: str) -> AsyncIterator[bytes]:
    """The parts of a motion JPEG stream."""
    with GRAPH.open({"input": clip, "mode": mode}, outputs=["light"]) as run:
        async for frame in run["light"]:
            jpeg = cv2.imencode(".jpg", frame.data)[1].tobytes()
            yield b"--frame\r\nContent-Type: image/jpeg\r\n\r\n" + jpeg + b"\r\n"


def application(clip: Path) -> Starlette:
    """The page and its streams."""

    async def page(request: Request) -> HTMLResponse:
        return HTMLResponse(PAGE)

    async def stream(request: Request) -> StreamingResponse:
        parts = pictures(clip, request.path_params["mode"])
        return StreamingResponse(parts, media_type="multipart/x-mixed-replace; boundary=frame")

    return Starlette(routes=[Route("/", page), Route("/stream/{mode}", stream)])


if __name__ == "__main__":
    uvicorn.run(application(Path(sys.argv[1])), host="127.0.0.1", port=8000)
