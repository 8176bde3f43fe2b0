"""Wrong YAML: each is one located error that says what would be right."""

from __future__ import annotations

import pytest
from wrong_cases import cases

from flowgraph.document.tree import MAX_DEPTH, read_tree
from flowgraph.errors import GraphError

WRONG = """
a: 1
a: 2
----
g.yaml:2:1: 'a' is here a second time
    a: 2
    ^ the first is in line 1
====
a: {b: 1
----
g.yaml:1:9: a ',' or '}' is missing
    a: {b: 1
            ^
====
in: [video,
b: 3
----
g.yaml:1:5: '[' is never closed
    in: [video,
        ^ a ',' or ']' is missing before line 2
====
a:
\tb: 1
----
g.yaml:2:1: a tab in the indentation
    b: 1
    ^ indent with spaces
====
a: {
\tb: 1}
----
g.yaml:2:1: a tab in the indentation
    b: 1}
    ^ indent with spaces
====
a: *.png
----
g.yaml:1:5: a text can't begin with '*', '&' or '!'
    a: *.png
        ^ quote the text
====
a: *all
----
g.yaml:1:4: '*all' is an alias, which graph files don't have
    a: *all
       ^^^^ quote it if it is a text; a value used twice is a parameter
====
a: &all 1
----
g.yaml:1:4: '&all' is an anchor, which graph files don't have
    a: &all 1
       ^^^^^^ quote it if it is a text; a value used twice is a parameter
====
a: !!int 3
----
g.yaml:1:4: '!!int' is a tag, which graph files don't have
    a: !!int 3
       ^^^^^^^ quote it if it is a text
====
a: !path x
----
g.yaml:1:4: '!path' is a tag, which graph files don't have
    a: !path x
       ^^^^^^^ quote it if it is a text
====
<<: {a: 1}
----
g.yaml:1:1: '<<' is not part of graph files
    <<: {a: 1}
    ^^ write the keys out
====
a: b: c
----
g.yaml:1:5: a second ':' in a value
    a: b: c
        ^ quote it, or check the indentation
====
a: 'x
----
g.yaml:1:6: a quoted text is never closed
    a: 'x
         ^ add the closing quote
====
a: @x
----
g.yaml:1:4: a value can't begin with '@'
    a: @x
       ^ quote the text
====
a: 5
 b: 2
----
g.yaml:2:3: a second ':' in a value
    b: 2
     ^ quote it, or check the indentation
====
a:
  - 1
 b: 2
----
g.yaml:3:2: this doesn't line up with the lines before
    b: 2
    ^ check the indentation
====
1: 2
----
g.yaml:1:1: a key is a name
    1: 2
    ^ put it in quotes if it is meant
====
? [a]
: 1
----
g.yaml:1:3: a key is a name
    ? [a]
      ^ put it in quotes if it is meant
====
a: 1
---
b: 2
----
g.yaml:2:1: a second document starts here
    ---
    ^^^ one file holds one graph
====
a: 1
b
----
g.yaml:2:2: a ':' is missing
    b
     ^ write 'key: value'
====
a: - 1
----
g.yaml:1:4: a list can't start here
    a: - 1
       ^ start it on a line of its own
====
a: [1,,2]
----
g.yaml:1:7: a value is missing
    a: [1,,2]
          ^ or a ',' or a bracket is one too many
====
a: ]
----
g.yaml:1:4: a value is missing
    a: ]
       ^ or a ',' or a bracket is one too many
"""


@pytest.mark.parametrize(("text", "error"), cases(WRONG))
def test_wrong_yaml_is_one_located_error(text: str, error: str) -> None:
    with pytest.raises(GraphError) as caught:
        read_tree(text, "g.yaml")
    assert str(caught.value) == error


def test_the_depth_of_nesting_is_bounded() -> None:
    with pytest.raises(GraphError, match=r"g.yaml:1:\d+: collections nest more than"):
        read_tree("[" * (MAX_DEPTH + 2), "g.yaml")


def test_the_digits_of_a_number_are_bounded() -> None:
    with pytest.raises(GraphError, match=r"g.yaml:1:4: a number of 5000 digits"):
        read_tree(f"a: {'9' * 5000}", "g.yaml")


def test_an_empty_file_says_how_a_graph_starts() -> None:
    with pytest.raises(
        GraphError, match=r"g.yaml:1:1: the file is empty\n    a graph starts with 'flowgraph: 1'"
    ):
        read_tree("# nothing but a comment\n", "g.yaml")


def test_a_character_that_yaml_forbids_is_located() -> None:
    with pytest.raises(GraphError, match=r"g.yaml:2:4: a character that YAML doesn't allow: U\+0007"):
        read_tree("a: 1\nb: \x07", "g.yaml")


def test_an_unknown_escape_is_located() -> None:
    with pytest.raises(GraphError, match=r"g.yaml:1:8: an unknown escape in a quoted text"):
        read_tree('a: "C:\\q"', "g.yaml")
