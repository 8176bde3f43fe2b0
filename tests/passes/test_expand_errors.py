"""Wrong graphs and wrong calls: each is one located error that says what would be right."""

from __future__ import annotations

import expand_nodes
import pytest

from flowgraph.document.load import loads
from flowgraph.errors import GraphError
from flowgraph.passes.expand import expand

HEAD = "flowgraph: 1\nnodes:\n  video: {type: source, path: a.mp4}\n"
WRONG = """
  ghost: {type: invert, in: video}
  soft: {type: blend, in: [video, ghots]}
----
g.yaml:5:35: blend 'soft': no node is called 'ghots'
    soft: {type: blend, in: [video, ghots]}
                                    ^^^^^ did you mean 'ghost' (line 4)?
====
  soft: {type: blend, in: [video, zzz]}
----
g.yaml:4:35: blend 'soft': no node is called 'zzz'
    soft: {type: blend, in: [video, zzz]}
                                    ^^^ the nodes are: video, soft
====
  a: {type: bluer, in: video}
----
g.yaml:4:13: node 'a': no node type is called 'bluer'
    a: {type: bluer, in: video}
              ^^^^^ did you mean 'blur'?
====
  a: {chain: [invert, bluer], in: video}
----
g.yaml:4:23: node 'a': no node type is called 'bluer'
    a: {chain: [invert, bluer], in: video}
                        ^^^^^ did you mean 'blur'?
====
  binary: {type: threshold, in: video, lvl: 5%}
----
g.yaml:4:40: threshold 'binary': no parameter 'lvl'; it takes: level (0..255 or 0%..100%)
    binary: {type: threshold, in: video, lvl: 5%}
                                         ^^^ did you mean 'level'?
====
  a: {type: threshold, in: video, level:5}
----
g.yaml:4:35: threshold 'a': no parameter 'level:5'; it takes: level (0..255 or 0%..100%)
    a: {type: threshold, in: video, level:5}
                                    ^^^^^^^ a space is missing after 'level:'
====
  a: {type: invert, in: video, x: 5}
----
g.yaml:4:32: invert 'a': no parameter 'x'; it takes none
    a: {type: invert, in: video, x: 5}
                                 ^
====
  a: {type: threshold, in: video, level: 300}
----
g.yaml:4:42: threshold 'a': 'level': a level is 0..255 or '0%'..'100%', got 300
    a: {type: threshold, in: video, level: 300}
                                           ^^^
====
  a: {type: blur, in: video}
----
g.yaml:4:3: blur 'a': 'sigma' is missing (standard deviation)
    a: {type: blur, in: video}
    ^ write 'sigma: ...', number above 0, up to 100
====
  a: {type: blur, in: video, sigma: 0}
----
g.yaml:4:37: blur 'a': 'sigma' can't be 0; it takes: number above 0, up to 100
    a: {type: blur, in: video, sigma: 0}
                                      ^ standard deviation
====
  a: {type: blur, in: video, sigma: soft}
----
g.yaml:4:37: blur 'a': 'sigma' can't be 'soft'; it takes: number above 0, up to 100
    a: {type: blur, in: video, sigma: soft}
                                      ^^^^ standard deviation
====
  a: {type: blur, in: video, sigma: 3, kind: gausian}
----
g.yaml:4:46: blur 'a': 'kind' can't be 'gausian'; it takes: gaussian | box
    a: {type: blur, in: video, sigma: 3, kind: gausian}
                                               ^^^^^^^ did you mean 'gaussian'?
====
  a: {type: mix, in: [video, video], weights: [1, x]}
----
g.yaml:4:51: mix 'a': 'weights' can't be [1, 'x']; it takes: [number, ...]
    a: {type: mix, in: [video, video], weights: [1, x]}
                                                    ^
====
  a: {type: mix, in: [video, video], weights: [1, -1]}
----
g.yaml:4:47: mix 'a': the weights sum to zero
    a: {type: mix, in: [video, video], weights: [1, -1]}
                                                ^
====
  a: {type: mix, in: [video, video], times: 10}
----
g.yaml:4:45: mix 'a': 'times' can't be 10; it takes: whole number 1..9
    a: {type: mix, in: [video, video], times: 10}
                                              ^^
====
  a: {type: mix, in: video}
----
g.yaml:4:22: mix 'a': input 'images' takes at least 2 streams, got 1
    a: {type: mix, in: video}
                       ^^^^^ write 'in: [NODE, NODE, ...]'
====
  a: {type: delay, in: video, frames: -1}
----
g.yaml:4:39: delay 'a': 'frames': a duration is a number of frames, or a time such as '200ms', '1.5s' or '0:10', got -1
    a: {type: delay, in: video, frames: -1}
                                        ^^
====
  a: {chain: [{delay: 5 s later}], in: video}
----
g.yaml:4:23: delay 'a': 'frames': a duration is a number of frames, or a time such as '200ms', '1.5s' or '0:10', got '5 s later'
    a: {chain: [{delay: 5 s later}], in: video}
                        ^^^^^^^^^
====
  a: {chain: [{blend: x}], in: video}
----
g.yaml:4:23: blend 'a' has no main parameter
    a: {chain: [{blend: x}], in: video}
                        ^ write {blend: {PARAMETER: VALUE}}
====
  a: {chain: [invert, {source: a.mp4}], in: video}
----
g.yaml:4:24: source 'a' has no input, so it can't follow a step
    a: {chain: [invert, {source: a.mp4}], in: video}
                         ^^^^^^ begin the chain with it
====
  a: {chain: [invert, blend], in: video}
----
g.yaml:4:35: blend 'a': input 'bottom' reads nothing
    a: {chain: [invert, blend], in: video}
                                    ^^^^^ a step reads the one before it; what reads more is a node of its own
====
  a: {type: invert}
----
g.yaml:4:3: invert 'a': input 'image' reads nothing
    a: {type: invert}
    ^ write 'in: NODE'
====
  a: {type: blend, in: video}
----
g.yaml:4:24: blend 'a': input 'bottom' reads nothing
    a: {type: blend, in: video}
                         ^^^^^ write 'in: {top: NODE, bottom: NODE}'
====
  a: {type: blend, in: [video, video, video]}
----
g.yaml:4:39: blend 'a' takes 2 inputs, got 3
    a: {type: blend, in: [video, video, video]}
                                        ^^^^^ its inputs are: top, bottom
====
  a: {type: invert, in: {imgae: video}}
----
g.yaml:4:26: invert 'a': no input is called 'imgae'
    a: {type: invert, in: {imgae: video}}
                           ^^^^^ did you mean 'image'?
====
  a: {type: invert, in: {image: [video, video]}}
----
g.yaml:4:33: invert 'a': input 'image' takes one stream, got 2
    a: {type: invert, in: {image: [video, video]}}
                                  ^
====
  a: {type: source, path: b.mp4, in: video}
----
g.yaml:4:38: source 'a' takes no inputs, got 1
    a: {type: source, path: b.mp4, in: video}
                                       ^^^^^ leave 'in' out
====
  two: {type: both, in: video}
  a: {type: invert, in: two.hihg}
----
g.yaml:5:25: invert 'a': both 'two' has no output 'hihg'
    a: {type: invert, in: two.hihg}
                          ^^^^^^^^ did you mean 'high'?
====
  a: {type: invert, in: video.mask}
----
g.yaml:4:25: invert 'a': source 'video' has no output 'mask'
    a: {type: invert, in: video.mask}
                          ^^^^^^^^^^ its outputs are: image
====
  a: {type: sink, in: video}
  b: {type: invert, in: a}
----
g.yaml:5:25: invert 'b': sink 'a' has no output to read
    b: {type: invert, in: a}
                          ^
====
  a: {type: invert, in: b}
  b: {type: delay, in: a}
----
g.yaml:4:3: the nodes read each other in a circle: a -> b -> a
    a: {type: invert, in: b}
    ^ a node can only read what comes before it; for feedback over time use delay
====
  a: {type: invert, in: video}
outputs: {end: b}
----
g.yaml:5:16: output 'end': no node is called 'b'
    outputs: {end: b}
                   ^ the nodes are: video, a
====
  a: {type: label, in: video, text: ""}
----
g.yaml:4:37: label 'a': text is empty
    a: {type: label, in: video, text: ""}
                                      ^^ write a text
====
  a: {type: blur, in: video, sigma: $sgima}
params: {sigma: 3}
----
g.yaml:4:37: no parameter is called 'sgima'
    a: {type: blur, in: video, sigma: $sgima}
                                      ^^^^^^ did you mean 'sigma'?
====
  a: {type: blur, in: video, sigma: $sigma}
----
g.yaml:4:37: no parameter is called 'sigma'
    a: {type: blur, in: video, sigma: $sigma}
                                      ^^^^^^ the graph has no 'params:'
====
  a: {type: label, in: video, text: "at ${time}"}
params: {sigma: 3}
----
g.yaml:4:37: no parameter is called 'time'
    a: {type: label, in: video, text: "at ${time}"}
                                      ^^^^^^^^^^^^ the parameters are: sigma
====
  a: {type: blur, in: video, sigma: $sigma}
params: {sigma: {type: float, help: softness}}
----
g.yaml:5:10: parameter 'sigma' has no value (softness)
    params: {sigma: {type: float, help: softness}}
             ^^^^^ give it as -p sigma=VALUE
====
  a: {type: blur, in: video, sigma: $sigma}
params: {sigma: 3}
-p sgima=3
----
the graph: no parameter 'sgima'; it takes: sigma
    did you mean 'sigma'?
====
  a: {type: blur, in: video, sigma: $sigma}
params: {sigma: {type: int, default: 3, max: 9}}
-p sigma=10
----
g.yaml:5:10: parameter 'sigma' is at most 9, got 10
    params: {sigma: {type: int, default: 3, max: 9}}
             ^^^^^
====
  a: {type: blur, in: video, sigma: $sigma}
params: {sigma: 3}
-p sigma=x
----
g.yaml:5:10: parameter 'sigma' is a whole number, got 'x'
    params: {sigma: 3}
             ^^^^^
====
  a: {type: blur, in: video, sigma: $sigma}
params: {sigma: 3}
-p sigma=500
----
g.yaml:4:37: blur 'a': 'sigma' can't be 500; it takes: number above 0, up to 100
    a: {type: blur, in: video, sigma: $sigma}
                                      ^^^^^^ standard deviation
====
  a: {type: blur, in: video, sigma: 3, kind: $kind}
params: {kind: {type: choice, choices: [gaussian, box]}}
-p kind=gausian
----
g.yaml:5:10: parameter 'kind' is one of gaussian, box, got 'gausian'
    params: {kind: {type: choice, choices: [gaussian, box]}}
             ^^^^ did you mean 'gaussian'?
====
  a: {type: blur, in: video, sigma: 3}
--set b.sigma=3
----
can't set b.sigma: no node is called 'b'
    the nodes are: video, a
====
  a: {type: blur, in: video, sigma: 3}
--set a.sigm=3
----
can't set a.sigm: blur 'a': no parameter 'sigm'; it takes: sigma (number above 0, up to 100), kind (gaussian | box)
    did you mean 'sigma'?
====
  a: {type: blur, in: video, sigma: 3}
--set a.sigma=-3
----
can't set a.sigma: blur 'a': 'sigma' can't be -3; it takes: number above 0, up to 100
    standard deviation
"""  # noqa: E501 # an error and the line that it shows are not wrapped


@pytest.fixture(autouse=True)
def _small_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flowgraph.passes.expand.node_type", expand_nodes.node_type)
    monkeypatch.setattr("flowgraph.passes.wire.node_type", expand_nodes.node_type)


def read(case: str) -> tuple[str, dict[str, str], dict[tuple[str, str], str]]:
    """A case's nodes, and what its lines with -p and --set give."""
    values: dict[str, str] = {}
    sets: dict[tuple[str, str], str] = {}
    lines: list[str] = []
    for line in case.split("\n"):
        option, _, rest = line.partition(" ")
        name, _, value = rest.partition("=")
        if option == "-p":
            values[name] = value
        elif option == "--set":
            node, _, param = name.partition(".")
            sets[node, param] = value
        else:
            lines.append(line)
    return "\n".join(lines), values, sets


@pytest.mark.parametrize(
    ("case", "error"), [case.split("\n----\n") for case in WRONG.strip("\n").split("\n====\n")]
)
def test_a_wrong_graph_or_call_is_one_located_error(case: str, error: str) -> None:
    text, values, sets = read(case)
    with pytest.raises(GraphError) as caught:
        expand(loads(HEAD + text, "g.yaml"), values, sets, need_sink=False)
    assert str(caught.value) == error
    assert caught.value.exit_code == 2
