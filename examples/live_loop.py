"""Gives a graph frame after frame by hand, as from a camera, and changes a parameter on the way.

    python live_loop.py

Everything happens on this thread, inside of `step`: no queue, no copy of the picture, no frame late.
"""

from time import perf_counter

import flowgraph

CAMERA = flowgraph.loads("""
flowgraph: 1
nodes:
  video: {type: testsrc, size: 640x360, length: 100, format: bgr24}
""")
EFFECT = flowgraph.loads("""
flowgraph: 1
nodes:
  camera: {type: input, size: 640x360, format: bgr24, rate: 25}
  past:   {type: delay, in: camera, frames: 4}
  moved:  {type: absdiff, in: [camera, past]}
  mask:   {type: threshold, in: moved, level: 5%, per: luma}
  figure: {type: multiply, in: [camera, mask]}
  result: {type: output, in: figure}
""")


def share_of_light(frame: flowgraph.Frame) -> float:
    """The share of points that are not black."""
    return float((frame.data > 0).any(axis=2).mean())


def main() -> list[float]:
    """Run the loop; the share of the picture that each frame shows."""
    shares: list[float] = []
    spent = 0.0
    with CAMERA.open(outputs=["video"]) as camera, EFFECT.session() as session:
        print(f"at most {session.plan.bound_bytes / 1e6:.1f} MB for the effect")
        for image in camera["video"]:
            if image.index == 50:
                session.set("mask.level", "30%")  # from this frame on only strong changes count
            started = perf_counter()
            result = session.step(camera=image)["result"]
            spent += perf_counter() - started
            if result is not None:  # an effect may be late by some frames; this one is not
                shares.append(share_of_light(result))
    print(f"{len(shares)} frames, {spent / len(shares) * 1000:.2f} ms each")
    print(f"shown at 5 %: {sum(shares[:50]) / 50:.1%} of the picture, at 30 %: {sum(shares[50:]) / 50:.1%}")
    return shares


if __name__ == "__main__":
    main()
