"""The first script of "Posy's Motion Amplification - Part 1: Python and FFmpeg" by Martino Trapanotto.

    python opencv_subtract.py CLIP [forget]

As printed there, without its window: no namedWindow, imshow, waitKey and destroyAllWindows. The path comes
from the command line. With `forget` its list of results isn't kept.
"""

import sys
import cv2
from pathlib import Path

# Change to your video file path
video_path = Path(sys.argv[1])

# Load as OpenCV source
cap = cv2.VideoCapture(filename=video_path.as_posix())

# Load the first frame
working, frame = cap.read()

dimensions = frame.shape

# Width and height can be accessed via indexing
width = dimensions[1]
height = dimensions[0]

output_frames = []
# If frame loads are succesful keep on going
while working:
    # Store the previous frame
    prev_frame = frame.copy()
    # Load the new one
    working, frame = cap.read()
    if not working:
        break
    # Compute the difference
    motion_frame = cv2.subtract(frame, prev_frame)

    # Combine horizontally
    composite_frame = cv2.hconcat([frame, motion_frame])
    # Store for later
    if "forget" not in sys.argv:
        output_frames.append(motion_frame)
cap.release()
