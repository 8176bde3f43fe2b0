"""Reads all packets of a video with PyAV and decodes none.

python demux.py CLIP
"""

import sys

import av

with av.open(sys.argv[1]) as container:
    for _ in container.demux(container.streams.video[0]):
        pass
