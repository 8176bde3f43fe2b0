"""Motion video and motiongrams with the Musical Gestures Toolbox, in a virtual environment of its own.

python toolbox_motion.py CLIP FOLDER
"""

import sys
from pathlib import Path

import musicalgestures

clip, folder = sys.argv[1], Path(sys.argv[2])
musicalgestures.MgVideo(clip).motion(
    save_data=False,
    save_plot=False,
    target_name_video=str(folder / "motion.mp4"),
    target_name_mgx=str(folder / "sideways.png"),
    target_name_mgy=str(folder / "upright.png"),
)
