"""Makes a motion video of each clip in a folder: python folder.py clips/ out/

What is there already is left alone, and one clip that can't be read stops none of the others. The command
line does the same: flowgraph run motion_mix -i 'clips/*' -o 'out/{name}.mp4'.
"""

import sys
from pathlib import Path

import flowgraph

GRAPH = flowgraph.loads("""
flowgraph: 1
params:
  input: {type: path}
  output: {type: path}
nodes:
  video:  {type: source, path: $input}
  past:   {type: delay, in: video, frames: 5}
  motion: {type: mix, in: [video, past], weights: [0.5, -0.5], offset: 128}
  out:    {type: sink, in: motion, path: $output, preset: veryfast}
""")


def convert(clip: Path, target: Path) -> flowgraph.Report:
    """Run the graph on one clip and show how far it is."""

    def show(progress: flowgraph.Progress) -> None:
        share = f"{progress.frames / progress.total:4.0%}" if progress.total else f"{progress.frames} frames"
        print(f"\r{clip.name}: {share}", end="", flush=True)

    plan = flowgraph.compile(GRAPH, {"input": clip, "output": target})
    return flowgraph.execute(plan, progress=show)


def convert_all(source: Path, target: Path) -> dict[Path, str]:
    """Convert all clips of a folder; the errors of those that failed."""
    target.mkdir(parents=True, exist_ok=True)
    failed: dict[Path, str] = {}
    for clip in sorted(path for path in source.iterdir() if path.is_file()):
        made = target / f"{clip.stem}.mp4"
        if made.exists():
            print(f"{clip.name}: there already")
            continue
        try:
            report = convert(clip, made)
        except flowgraph.FlowgraphError as error:
            failed[clip] = error.message
            print(f"\r{clip.name}: {error.message}")
        else:
            used = f"{report.peak_pool_bytes / 1e6:.1f} of at most {report.bound_bytes / 1e6:.1f} MB"
            print(f"\r{clip.name}: {report.frames} frames in {report.seconds:.1f} s, {used}")
    return failed


if __name__ == "__main__":
    sys.exit(1 if convert_all(Path(sys.argv[1]), Path(sys.argv[2])) else 0)
