"""Motiongrams with the Musical Gestures Toolbox, in a virtual environment of its own.

python toolbox_motiongrams.py CLIP FOLDER
"""

import sys
from pathlib import Path

import musicalgestures

clip, folder = sys.argv[1], Path(sys.argv[2])
musicalgestures.MgVideo(clip).motiongrams(
    target_name_mgx=str(folder / "sideways.png"), target_name_mgy=str(folder / "upright.png")
)
