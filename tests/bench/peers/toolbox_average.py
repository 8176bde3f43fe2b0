"""The average image with the Musical Gestures Toolbox, in a virtual environment of its own.

python toolbox_average.py CLIP FOLDER
"""

import sys
from pathlib import Path

import musicalgestures

musicalgestures.MgVideo(sys.argv[1]).average(target_name=str(Path(sys.argv[2]) / "average.png"))
