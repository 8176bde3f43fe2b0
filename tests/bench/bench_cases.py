"""The table of what is timed: flowgraph's command, the other's, and what the ratio should be."""

from __future__ import annotations

from shlex import join, quote
from typing import Final

from bench_effects import BLOOM, MIX, MULTIPLY, RACED, TMIX, Effect
from bench_records import Case, Target, at_least, at_most

_RUN: Final = "{flowgraph} run"
_NULL: Final = "-i {clip} -o null --quiet"
_VIDEO: Final = "-i {clip} -o {out}/ours.mp4 --quiet --set out.preset=veryfast --set out.quality=23"
_THEIRS: Final = "{ffmpeg} -v error -nostdin -i {clip} -an -filter_complex"
_X264: Final = "-c:v libx264 -preset veryfast -crf 23 {out}/theirs.mp4"

_NULL_TARGETS: Final = {
    (TMIX.name, "1080p"): 5.0,
    (TMIX.name, "1080p BT.709"): 4.0,
    (MULTIPLY.name, "1080p"): 5.0,
    (MULTIPLY.name, "1080p BT.709"): 4.0,
    (BLOOM.name, "1080p"): 4.0,
    (BLOOM.name, "1080p BT.709"): 4.0,
}
_OTHER_CLIPS: Final = (
    (TMIX, ("1080p BT.709", "1080p full range", "720p", "518x496")),
    (MULTIPLY, ("1080p BT.709", "1080p full range")),
    (BLOOM, ("1080p BT.709", "518x496")),
)


def _ffmpeg(effect: Effect, clip: str, into: str, target: Target | None) -> Case:
    ours, theirs = (_NULL, "-f null -") if into == "null" else (_VIDEO, _X264)
    return Case(
        name=f"ffmpeg-{into}",
        section=f"Against FFmpeg, into {into}",
        what=effect.name,
        against="ffmpeg",
        clip=clip,
        ours=f"{_RUN} {effect.graph} {ours} {join(effect.settings)}".strip(),
        theirs=f"{_THEIRS} {quote(f'[0:v]{effect.whole}')} {theirs}",
        target=target,
        peer="ffmpeg",
        pairs=2 if into == "x264" else 0,
    )


def _against_ffmpeg() -> list[Case]:
    cases = [
        _ffmpeg(effect, "1080p", "null", _target(effect, "1080p")) for effect in RACED if effect is not MIX
    ]
    for effect, clips in _OTHER_CLIPS:
        cases += [_ffmpeg(effect, clip, "null", _target(effect, clip)) for clip in clips]
    cases += [_mix(what, filters, target) for what, filters, target in _MIXES]
    return [*cases, *(_ffmpeg(effect, "1080p", "x264", at_least(1.8)) for effect in RACED)]


def _target(effect: Effect, clip: str) -> Target | None:
    bound = _NULL_TARGETS.get((effect.name, clip))
    return None if bound is None else at_least(bound)


_MIXES: Final = (
    # tmix has no offset: only beside a negative of the past, frame by frame, does it come to the same.
    (
        "tmix of frame and negative in turns: same pictures",
        "split[a][b];[b]negate,tpad=start=1:start_mode=clone[c];"
        r"[c][a]interleave,tmix=frames=2:weights=1 1,select=mod(n\,2)",
        at_least(6),
    ),
    ("tmix of 2, without the offset: as much work", "tmix=frames=2:weights=-1 1:scale=0.5", at_least(6)),
    ("negate and mix", MIX.filters, None),
    (
        "negate and blend=average, which rounds down",
        "split[a][b];[b]negate,tpad=start=1:start_mode=clone[c];[a][c]blend=all_mode=average:shortest=1",
        None,
    ),
)


def _mix(against: str, filters: str, target: Target | None) -> Case:
    return Case(
        "ffmpeg-mix",
        "Against FFmpeg, into null",
        "motion_mix",
        f"ffmpeg, {against}",
        "1080p",
        f"{_RUN} motion_mix {_NULL}",
        f"{_THEIRS} {quote(f'[0:v]format=gbrp,{filters},format=yuv420p')} -f null -",
        target,
        "ffmpeg",
    )


def _script(what: str, ours: str, script: str, target: float, clip: str = "1080p") -> list[Case]:
    """A script as printed, and without its growing list."""
    section, command = "Against the texts' OpenCV scripts", f"{{python}} {{peers}}/{script}.py {{clip}}"
    return [
        Case("opencv", section, what, "the script", clip, f"{_RUN} {ours}", command, at_least(target)),
        Case(
            "opencv",
            section,
            what,
            "the script without its list",
            clip,
            f"{_RUN} {ours}",
            f"{command} forget",
        ),
    ]


_BGR: Final = f"{_NULL} --set out.codec=rawvideo --set out.pixel_format=bgr24"
_SCRIPTS: Final = (
    *_script("motion_subtract", f"motion_subtract {_BGR}", "opencv_subtract", 2),
    *_script("motion_mix", f"motion_mix {_NULL}", "opencv_mix", 2),
    *_script("the same with the frame beside, in BGR", f"{{peers}}/mix_beside.yaml {_BGR}", "opencv_mix", 2),
    *_script("motion_two_heads", f"motion_two_heads {_NULL}", "opencv_two_heads", 2),
    *_script("motion_ring", f"motion_ring {_NULL}", "opencv_ring", 1.2, "1080p twice"),
    Case(
        "opencv",
        "Against the texts' OpenCV scripts",
        "virtual_background into jpg",
        "the script",
        "1080p short",
        f"{_RUN} virtual_background -i {{clip}} -o {{out}}/output%d.jpg --quiet -p background={{picture}}"
        " -p literal=true --set out.quality=95 --set \"out.chroma='420'\"",
        "{bash} -c 'cd {out} && {python} {peers}/opencv_virtual_background.py {clip} {picture}'",
        at_least(2),
    ),
)

_PICTURES: Final = (
    Case(
        "masks",
        "Against FFmpeg and ImageMagick",
        "masks_adaptive_background",
        "the article's commands",
        "1080p keyframes",
        f"{_RUN} masks_adaptive_background -i {{clip}} -o {{out}}/clean%03d.jpg"
        " -p masks={out}/mask%03d.tiff --set masks.compression=packbits --set out.quality=92 --quiet",
        "{bash} {peers}/masks.sh {clip} {out}",
        at_least(20),
        "imagemagick",
        pairs=1,
    ),
    Case(
        "display",
        "Against FFmpeg and ImageMagick",
        "keyframe_display",
        "the article's commands",
        "1080p keyframes",
        f"{_RUN} keyframe_display -i {{clip}} -o {{out}}/keyframes.jpg --set out.quality=92 --quiet",
        "{bash} {peers}/keyframe_display.sh {clip} {out}",
        None,
        "imagemagick",
    ),
)

_TOOLBOX: Final = (
    Case(
        "toolbox",
        "Against the Musical Gestures Toolbox",
        "motion video and motiongrams",
        "its motion()",
        "518x496",
        f"{_RUN} {{peers}}/motion_and_grams.yaml -i {{clip}} -o {{out}}/motion.mp4 -p upright={{out}}/u.png"
        " -p sideways={out}/s.png --set out.preset=medium --set out.quality=23 --quiet",
        "{toolbox} {peers}/toolbox_motion.py {clip} {out}",
        at_least(8),
        "toolbox",
    ),
    Case(
        "toolbox",
        "Against the Musical Gestures Toolbox",
        "motiongrams",
        "its motiongrams()",
        "518x496",
        f"{_RUN} motiongrams -i {{clip}} -o {{out}}/u.png -p sideways={{out}}/s.png -p equalize=true --quiet",
        "{toolbox} {peers}/toolbox_motiongrams.py {clip} {out}",
        at_least(8),
        "toolbox",
    ),
    Case(
        "toolbox",
        "Against the Musical Gestures Toolbox",
        "average_image",
        "its average()",
        "518x496",
        f"{_RUN} average_image -i {{clip}} -o {{out}}/average.png --quiet",
        "{toolbox} {peers}/toolbox_average.py {clip} {out}",
        at_least(8),
        "toolbox",
    ),
)

_MOVIEPY: Final = (
    Case(
        "moviepy",
        "Against MoviePy",
        "motion_mix, lag 5, into x264",
        "InvertColors, with_start, CompositeVideoClip",
        "518x496",
        f"{_RUN} motion_mix {_VIDEO} -p lag=5",
        "{moviepy} {peers}/moviepy_mix.py {clip} {out}/theirs.mp4 5",
        at_least(8),
        "moviepy",
        pairs=1,
    ),
)


def _vapoursynth(effect: str, what: str, clip: str, size: str, frames: int, threads: int) -> Case:
    return Case(
        "vapoursynth",
        "Against VapourSynth, frames in memory",
        f"{what}, {frames} frames, {threads} thread{'s' if threads > 1 else ''}",
        "vspipe",
        clip,
        f"{{python}} {{peers}}/memory_frames.py {effect} {frames} {threads} {{clip}} {size}",
        f"{{vspipe}} -a effect={effect} -a frames={frames} -a threads={threads} -a held={{clip}}"
        f" -a size={size} {{peers}}/effects.vpy --",
        at_least(1),
        "vapoursynth",
    )


_IN_MEMORY: Final = tuple(
    case
    for threads in (1, 2)
    for case in (
        _vapoursynth("difference", "difference", "rgb frames", "{large}", 800, threads),
        _vapoursynth("mix", "mix", "rgb frames", "{large}", 800, threads),
        _vapoursynth("mix_planes", "mix on YUV 4:2:0", "yuv frames", "{large}", 1600, threads),
        _vapoursynth("blur", "blur of sigma 5", "rgb frames", "{large}", 300, threads),
        _vapoursynth("bloom", "bloom", "rgb frames", "{large}", 300, threads),
        _vapoursynth("chain", "100 cheap nodes at 64x64", "small frames", "64x64", 3000, threads),
    )
)


def _floor(what: str, ours: str, into: str, clip: str, bound: float) -> Case:
    encoding = into == "x264"
    return Case(
        f"floor-{into}",
        "Against bare decoding and encoding with PyAV",
        f"{what} into {into}",
        "decode and encode" if encoding else "decode",
        clip,
        f"{_RUN} {ours} {_VIDEO if encoding else _NULL}",
        "{python} {peers}/decode_encode.py {clip} {frames} {out}/theirs.mp4"
        if encoding
        else "{python} {peers}/decode.py {clip} {frames}",
        at_most(bound),
        pairs=2 if encoding else 0,
    )


_FLOORS: Final = (
    _floor("motion_mix", "motion_mix", "null", "ten minutes", 1.15),
    _floor("delay", "{peers}/delayed.yaml", "null", "ten minutes", 1.15),
    _floor("average", "{peers}/averaged.yaml", "null", "ten minutes", 1.15),
    _floor("motion_mix", "motion_mix", "x264", "ten minutes", 1.10),
    Case(
        "keyframes",
        "Keyframes",
        "keyframe_display, index in the container",
        "demux",
        "ten minutes",
        f"{_RUN} keyframe_display -i {{clip}} -o null --quiet",
        "{python} {peers}/demux.py {clip}",
        at_most(1.2),
    ),
    Case(
        "keyframes",
        "Keyframes",
        "keyframe_display, no index",
        "demux",
        "ten minutes, no index",
        f"{_RUN} keyframe_display -i {{clip}} -o null --quiet",
        "{python} {peers}/demux.py {clip}",
        at_most(1.2),
    ),
)

CASES: Final = (*_against_ffmpeg(), *_SCRIPTS, *_PICTURES, *_TOOLBOX, *_MOVIEPY, *_IN_MEMORY, *_FLOORS)
