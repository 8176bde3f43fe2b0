"""Tables of wrong texts and the errors that they give, written as they are seen."""

from __future__ import annotations


def cases(table: str) -> list[tuple[str, str]]:
    """The pairs of a table: pairs are parted by a line of =, text and error by a line of -."""
    pairs = (case.split("\n----\n") for case in table.strip("\n").split("\n====\n"))
    return [(text, error) for text, error in pairs]
