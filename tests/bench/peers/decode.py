"""Decodes a video with PyAV and does nothing else: the least that any run over it takes.

python decode.py CLIP FRAMES
"""

import sys

import av

with av.open(sys.argv[1]) as container:
    stream = container.streams.video[0]
    stream.codec_context.thread_type = "AUTO"
    for number, _ in enumerate(container.decode(stream), 1):
        if number == int(sys.argv[2]):
            break
