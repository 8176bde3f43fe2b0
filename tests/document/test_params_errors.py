"""Wrong parameters in graph files: each is one located error that says what would be right."""

from __future__ import annotations

import pytest
from wrong_cases import cases

from flowgraph.document.load import loads
from flowgraph.errors import GraphError

WRONG = """
flowgraph: 1
params: {lag: {type: integer}}
----
g.yaml:2:22: parameter 'lag': no type is called 'integer'
    params: {lag: {type: integer}}
                         ^^^^^^^ did you mean 'int'?
====
flowgraph: 1
params: {lag: {default: 4}}
----
g.yaml:2:10: parameter 'lag' has no type
    params: {lag: {default: 4}}
             ^^^ a type is one of path, int, float, str, bool, level, duration, colour, choice
====
flowgraph: 1
params: {lag: {type: int, defualt: 4}}
----
g.yaml:2:27: parameter 'lag': no key 'defualt'
    params: {lag: {type: int, defualt: 4}}
                              ^^^^^^^ did you mean 'default'?
====
flowgraph: 1
params: {lag: {type: int, default: x}}
----
g.yaml:2:36: parameter 'lag' is a whole number, got 'x'
    params: {lag: {type: int, default: x}}
                                       ^
====
flowgraph: 1
params: {lag: {type: int, default: 0, min: 1}}
----
g.yaml:2:36: parameter 'lag' is at least 1, got 0
    params: {lag: {type: int, default: 0, min: 1}}
                                       ^
====
flowgraph: 1
params: {lag: {type: int, min: 3, max: 1}}
----
g.yaml:2:40: parameter 'lag': 'max' is below 'min'
    params: {lag: {type: int, min: 3, max: 1}}
                                           ^
====
flowgraph: 1
params: {a: {type: str, min: 3}}
----
g.yaml:2:25: 'min' doesn't go with type str
    params: {a: {type: str, min: 3}}
                            ^^^ only int and float have bounds
====
flowgraph: 1
params: {a: {type: choice}}
----
g.yaml:2:20: parameter 'a' has no choices
    params: {a: {type: choice}}
                       ^^^^^^ write 'choices: [a, b]'
====
flowgraph: 1
params: {a: {type: choice, choices: [x, y], default: z}}
----
g.yaml:2:54: parameter 'a' is one of x, y, got 'z'
    params: {a: {type: choice, choices: [x, y], default: z}}
                                                         ^
====
flowgraph: 1
params: {a: path}
----
g.yaml:2:13: parameter 'a' has no type
    params: {a: path}
                ^^^^ write {type: path}
====
flowgraph: 1
params: {a: }
----
g.yaml:2:12: parameter 'a' has no type
    params: {a: }
               ^ write {type: int}
====
flowgraph: 1
params: {a b: 1}
----
g.yaml:2:10: 'a b' can't be the name of a parameter
    params: {a b: 1}
             ^^^ a name is letters, digits, '_' and '-', and begins with a letter
====
flowgraph: 1
params: {a: {type: str, default: $b}}
----
g.yaml:2:34: parameter 'a' can't refer to another
    params: {a: {type: str, default: $b}}
                                     ^^ write a plain value
====
flowgraph: 1
params: {a: {type: level, default: 300}}
----
g.yaml:2:36: parameter 'a' is 0..255 or '0%'..'100%', got 300
    params: {a: {type: level, default: 300}}
                                       ^^^
====
flowgraph: 1
params: {a: {type: int, choices: []}}
----
g.yaml:2:34: 'choices' is empty
    params: {a: {type: int, choices: []}}
                                     ^ write 'choices: [a, b]'
====
flowgraph: 1
params: {a: {type: int, default: [1]}}
----
g.yaml:2:34: 'default' is a single value, not a list
    params: {a: {type: int, default: [1]}}
                                     ^
====
flowgraph: 1
params: {a: {type: duration, default: 5 ms later}}
----
g.yaml:2:39: parameter 'a' is a number of frames, or a time such as '200ms', '1.5s' or '0:10', got '5 ms later'
    params: {a: {type: duration, default: 5 ms later}}
                                          ^^^^^^^^^^
====
flowgraph: 1
params: {a: {type: int, min: low}}
----
g.yaml:2:30: 'min' is a number
    params: {a: {type: int, min: low}}
                                 ^^^
"""  # noqa: E501 # an error and the line that it shows are not wrapped


@pytest.mark.parametrize(("text", "error"), cases(WRONG))
def test_a_wrong_parameter_is_one_located_error(text: str, error: str) -> None:
    with pytest.raises(GraphError) as caught:
        loads(text, "g.yaml")
    assert str(caught.value) == error
