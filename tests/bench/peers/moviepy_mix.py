"""A video mixed half and half with its inverted, delayed copy, with MoviePy 2.

python moviepy_mix.py CLIP OUTPUT LAG
"""

import sys

from moviepy import CompositeVideoClip, VideoFileClip, vfx

video = VideoFileClip(sys.argv[1], audio=False)
past = video.with_effects([vfx.InvertColors()]).with_opacity(0.5).with_start(int(sys.argv[3]) / video.fps)
mixed = CompositeVideoClip([video, past]).with_duration(video.duration)
mixed.write_videofile(sys.argv[2], preset="veryfast", audio=False, logger=None)
