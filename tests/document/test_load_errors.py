"""Wrong graph files: each is one located error that says what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest
from wrong_cases import cases

from flowgraph.document.load import load, loads
from flowgraph.errors import GraphError

WRONG = """
[a]
----
g.yaml:1:1: a graph file is a mapping, not a list
    [a]
    ^ it starts with 'flowgraph: 1'
====
nodes: {}
----
g.yaml:1:1: the key 'flowgraph' is missing
    nodes: {}
    ^ a graph starts with 'flowgraph: 1'
====
flowgraf: 1
----
g.yaml:1:1: the key 'flowgraph' is missing
    flowgraf: 1
    ^^^^^^^^ a graph starts with 'flowgraph: 1'
====
flowgraph: 2
nodes: {}
----
g.yaml:1:12: only version 1 of graph files is known
    flowgraph: 2
               ^ write 'flowgraph: 1'
====
flowgraph: true
----
g.yaml:1:12: only version 1 of graph files is known
    flowgraph: true
               ^^^^ write 'flowgraph: 1'
====
flowgraph: '1'
----
g.yaml:1:12: only version 1 of graph files is known
    flowgraph: '1'
               ^^^ write 'flowgraph: 1'
====
flowgraph: 1
----
g.yaml:1:1: the key 'nodes' is missing
    flowgraph: 1
    ^ a graph has 'nodes:'
====
flowgraph: 1
nodes:
----
g.yaml:2:7: 'nodes' is a mapping, not nothing
    nodes:
          ^ write 'name: {type: ...}' below it
====
flowgraph: 1
nodes: {}
----
g.yaml:2:8: the graph has no nodes
    nodes: {}
           ^
====
flowgraph: 1
nods: {}
----
g.yaml:2:1: graph: no key 'nods'
    nods: {}
    ^^^^ did you mean 'nodes'?
====
flowgraph: 1
nodes: [a]
----
g.yaml:2:8: 'nodes' is a mapping, not a list
    nodes: [a]
           ^ write 'name: {type: ...}' below it
====
flowgraph: 1
title: 5
nodes: {}
----
g.yaml:2:8: 'title' is a text, not 5
    title: 5
           ^ put it in quotes
====
flowgraph: 1
nodes: {a: blur}
----
g.yaml:2:12: node 'a' is a mapping, not 'blur'
    nodes: {a: blur}
               ^^^^ write {type: ...}
====
flowgraph: 1
nodes: {a: {typ: blur}}
----
g.yaml:2:13: node 'a' has no type
    nodes: {a: {typ: blur}}
                ^^^ did you mean 'type'?
====
flowgraph: 1
nodes: {a: {in: b}}
----
g.yaml:2:9: node 'a' has no type
    nodes: {a: {in: b}}
            ^ write 'type: NAME', 'chain: [STEP, ...]' or 'use: FILE'
====
flowgraph: 1
nodes: {a: {type:blur}}
----
g.yaml:2:13: node 'a' has no type
    nodes: {a: {type:blur}}
                ^^^^^^^^^ a space is missing after 'type:'
====
flowgraph: 1
nodes: {a: {type: blur, chain: [invert]}}
----
g.yaml:2:25: node 'a' has both 'type' and 'chain'
    nodes: {a: {type: blur, chain: [invert]}}
                            ^^^^^ give one of them
====
flowgraph: 1
nodes: {a.b: {type: blur}}
----
g.yaml:2:9: 'a.b' can't be the name of a node
    nodes: {a.b: {type: blur}}
            ^^^ a name is letters, digits, '_' and '-', and begins with a letter
====
flowgraph: 1
nodes: {a: {type: 5}}
----
g.yaml:2:19: 'type' is a text, not 5
    nodes: {a: {type: 5}}
                      ^ put it in quotes
====
flowgraph: 1
nodes: {a: {type: blur, in: 5}}
----
g.yaml:2:29: what a node reads is the name of a node, not 5
    nodes: {a: {type: blur, in: 5}}
                                ^
====
flowgraph: 1
nodes: {a: {type: blur, in: []}}
----
g.yaml:2:29: 'in' is empty
    nodes: {a: {type: blur, in: []}}
                                ^ write 'in: NODE'
====
flowgraph: 1
nodes: {a: {type: blur, in: $b}}
----
g.yaml:2:29: what a node reads is the name of a node, not a parameter
    nodes: {a: {type: blur, in: $b}}
                                ^^ parameters stand for values; edges are fixed
====
flowgraph: 1
nodes: {a: {type: blur, in: b c}}
----
g.yaml:2:29: what a node reads is the name of a node, not 'b c'
    nodes: {a: {type: blur, in: b c}}
                                ^^^ write NODE, NODE.PORT, or NODE/0 for a step of a chain
====
flowgraph: 1
nodes: {a: {type: blur, in: }}
----
g.yaml:2:28: what a node reads is the name of a node, not nothing
    nodes: {a: {type: blur, in: }}
                               ^
====
flowgraph: 1
nodes: {a: {type: blur, in: [[b]]}}
----
g.yaml:2:30: what a node reads is the name of a node, not a list
    nodes: {a: {type: blur, in: [[b]]}}
                                 ^
====
flowgraph: 1
nodes: {a: {chain: invert}}
----
g.yaml:2:20: 'chain' is a list, not 'invert'
    nodes: {a: {chain: invert}}
                       ^^^^^^ write 'chain: [invert, {delay: 5}]'
====
flowgraph: 1
nodes: {a: {chain: []}}
----
g.yaml:2:20: 'chain' is empty
    nodes: {a: {chain: []}}
                       ^ write 'chain: [invert, {delay: 5}]'
====
flowgraph: 1
nodes: {a: {chain: [{delay: 5, blur: 3}]}}
----
g.yaml:2:21: a step is one type, not 2 keys
    nodes: {a: {chain: [{delay: 5, blur: 3}]}}
                        ^ write TYPE, {TYPE: VALUE} or {TYPE: {PARAMETER: VALUE}}
====
flowgraph: 1
nodes: {a: {chain: [{delay: }]}}
----
g.yaml:2:22: step 'delay' has no value
    nodes: {a: {chain: [{delay: }]}}
                         ^^^^^ write 'delay' alone, or a value
====
flowgraph: 1
nodes: {a: {chain: [{blend: {in: b}}]}}
----
g.yaml:2:30: step 'blend': no key 'in'
    nodes: {a: {chain: [{blend: {in: b}}]}}
                                 ^^ a step reads the one before it; what reads more is a node of its own
====
flowgraph: 1
nodes: {a: {chain: [invert], sigma: 3}}
----
g.yaml:2:30: node 'a': no key 'sigma'
    nodes: {a: {chain: [invert], sigma: 3}}
                                 ^^^^^ it takes: in, chain
====
flowgraph: 1
nodes: {a: {chain: [[invert]]}}
----
g.yaml:2:21: a step is a mapping, not a list
    nodes: {a: {chain: [[invert]]}}
                        ^ write TYPE, {TYPE: VALUE} or {TYPE: {PARAMETER: VALUE}}
====
flowgraph: 1
nodes: {a: {use: x.yaml, sigma: 3}}
----
g.yaml:2:26: node 'a': no key 'sigma'
    nodes: {a: {use: x.yaml, sigma: 3}}
                             ^^^^^ parameters of an inserted graph stand below 'with': {sigma: ...}
====
flowgraph: 1
nodes: {a: {use: x.yaml, with: 3}}
----
g.yaml:2:32: 'with' is a mapping, not 3
    nodes: {a: {use: x.yaml, with: 3}}
                                   ^ write {key: value}
====
flowgraph: 1
nodes: {a: {type: blur, with: {sigma: 3}}}
----
g.yaml:2:25: node 'a': no key 'with'
    nodes: {a: {type: blur, with: {sigma: 3}}}
                            ^^^^ parameters stand beside 'type'; 'with' goes with 'use'
====
flowgraph: 1
inputs: [a]
nodes: {a: {type: blur}}
----
g.yaml:3:9: 'a' is an input already
    nodes: {a: {type: blur}}
            ^ it stands in line 2
====
flowgraph: 1
inputs: a
nodes: {b: {type: blur}}
----
g.yaml:2:9: 'inputs' is a list, not 'a'
    inputs: a
            ^ write 'inputs: [name]'
====
flowgraph: 1
inputs: [a, a]
nodes: {b: {type: blur}}
----
g.yaml:2:13: input 'a' is here a second time
    inputs: [a, a]
                ^
====
flowgraph: 1
nodes: {b: {type: blur}}
outputs: b
----
g.yaml:3:10: 'outputs' is a mapping, not 'b'
    outputs: b
             ^ write 'outputs: {name: NODE}'
====
flowgraph: 1
nodes: {b: {type: blur}}
outputs: {o: [b]}
----
g.yaml:3:14: output 'o' is the name of a node, not a list
    outputs: {o: [b]}
                 ^
"""


@pytest.mark.parametrize(("text", "error"), cases(WRONG))
def test_a_wrong_graph_is_one_located_error(text: str, error: str) -> None:
    with pytest.raises(GraphError) as caught:
        loads(text, "g.yaml")
    assert str(caught.value) == error
    assert caught.value.exit_code == 2


def test_a_missing_file_is_named_with_the_closest_one(tmp_path: Path) -> None:
    (tmp_path / "bloom.yaml").write_text("flowgraph: 1\n")
    with pytest.raises(GraphError, match=r"blom.yaml: no such file\n    did you mean 'bloom.yaml'\?"):
        load(tmp_path / "blom.yaml")


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(GraphError, match=r"no such file\n    there is no folder '.*/x' either"):
        load(tmp_path / "x" / "bloom.yaml")


def test_a_folder_is_no_graph(tmp_path: Path) -> None:
    with pytest.raises(GraphError, match="a folder, not a graph file"):
        load(tmp_path)


def test_bytes_that_are_not_utf8_are_located(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes(b"flowgraph: 1\ntitle: Se\xf1or\n")
    with pytest.raises(GraphError) as caught:
        load(path)
    assert str(caught.value) == (
        f"{path}:2:10: not UTF-8: byte 0xf1\n    title: Se\ufffdor\n             ^ save the file as UTF-8"
    )


def test_utf16_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "wide.yaml"
    path.write_bytes("flowgraph: 1".encode("utf-16"))
    with pytest.raises(GraphError, match=r"wide.yaml:1:1: not UTF-8: byte 0xff\n    save the file as UTF-8"):
        load(path)
