"""Decodes a video with PyAV and encodes it again: the least that any run from video to video takes.

python decode_encode.py CLIP FRAMES OUTPUT
"""

import sys

import av

with av.open(sys.argv[1]) as container, av.open(sys.argv[3], "w") as target:
    stream = container.streams.video[0]
    stream.codec_context.thread_type = "AUTO"
    encoder = target.add_stream("libx264", stream.average_rate, options={"preset": "veryfast", "crf": "23"})
    encoder.width, encoder.height, encoder.pix_fmt = stream.width, stream.height, "yuv420p"
    encoder.codec_context.thread_type = "AUTO"
    assert stream.time_base is not None
    encoder.codec_context.time_base = stream.time_base
    for number, frame in enumerate(container.decode(stream), 1):
        frame.pict_type = 0
        target.mux(encoder.encode(frame))
        if number == int(sys.argv[2]):
            break
    target.mux(encoder.encode(None))
