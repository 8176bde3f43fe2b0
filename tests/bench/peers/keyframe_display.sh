# "Creating multi-exposure keyframe image displays with FFmpeg and ImageMagick" by Alexander Refsum Jensenius.
#
#   bash keyframe_display.sh CLIP FOLDER
#
# As printed there, but -fps_mode for the -vsync of older versions, and -pix_fmt rgb24: of the YCbCr pictures
# that FFmpeg writes otherwise ImageMagick 6 makes green stripes.
set -e
cd "$2"
ffmpeg -v error -nostdin -skip_frame nokey -i "$1" -fps_mode passthrough -pix_fmt rgb24 -f image2 t%03d.tiff
convert t*.tiff -background white -compose darken -flatten keyframes.jpg
