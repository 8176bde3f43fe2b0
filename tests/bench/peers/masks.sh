# "Creating image masks from video file" by Alexander Refsum Jensenius, adaptive background.
#
#   bash masks.sh CLIP FOLDER
#
# As printed there, but -fps_mode for the -vsync of older versions, and -pix_fmt rgb24: of the YCbCr pictures
# that FFmpeg writes otherwise ImageMagick 6 makes green stripes.
set -e
cd "$2"
ffmpeg -v error -nostdin -skip_frame nokey -i "$1" -fps_mode passthrough -pix_fmt rgb24 -f image2 t%03d.tiff
convert t*.tiff -background black -compose lighten -flatten background.tiff
for i in t*.tiff;
do
name=`echo $i | cut -d'.' -f1`;
convert background.tiff $i -compose difference -composite -threshold 5% -blur 0x3 -threshold 20% -blur 0x3 "$name-mask.tiff"
convert $i "$name-mask.tiff" -compose multiply -flatten "$name-clean.jpg"
done
