"""The script with two heads of "Posy's Motion Amplification - Part 1: Python and FFmpeg" by Martino Trapanotto.

    python opencv_two_heads.py CLIP [forget]

As printed there, without its window: no namedWindow, imshow, waitKey and destroyAllWindows. The path comes
from the command line. With `forget` its list of results isn't kept. As printed, the script never moves
`frame_offset`, so that its second head stays where it is: it decodes the video once.
"""

import sys
import cv2
from pathlib import Path

# Change to your video file path
video_path = Path(sys.argv[1])

# Load as OpenCV source
cap = cv2.VideoCapture(video_path.as_posix())
cap_past = cv2.VideoCapture(video_path.as_posix())

# Load the first frame
working, frame = cap.read()
frame_past = frame.copy()
frame_offset_target = 5
frame_offset = 0


dimensions = frame.shape
# Width and height can be accessed via indexing
width = dimensions[1]
height = dimensions[0]

output_frames = []
# If frame loads are succesful keep on going
while working:
    # Store the previous frame
    if frame_offset <= frame_offset_target:
        working, frame = cap.read()
        if not working:
            break
        
    if frame_offset >= frame_offset_target:
        working, frame_past = cap_past.read()
        if not working:
            break
    
    
    # Compute the difference
    motion_frame = cv2.addWeighted(frame, .5, cv2.bitwise_not(frame_past), 0.5, 0)

    # Combine horizontally
    composite_frame = cv2.hconcat([frame, motion_frame])
    # Store for later
    if "forget" not in sys.argv:
        output_frames.append(motion_frame)
cap.release()
