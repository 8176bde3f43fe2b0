"""Media that probing opened, waiting for the reader that goes on from there."""

from __future__ import annotations

import weakref
from collections.abc import Hashable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from flowgraph.media.decoder import Decoder
from flowgraph.node import SourceInfo

_Stamp = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class _Once:
    """A medium that can't be opened again: it waits until it is read."""

    decoder: Decoder
    info: SourceInfo


@dataclass(frozen=True, slots=True)
class _File:
    """A file waits as long as anybody has its record, and while it stays as it is."""

    decoder: Decoder
    info: weakref.ref[SourceInfo]
    stamp: _Stamp
    mark: object
    """Tells it from a later one; whoever only remembers it must not keep the decoder alive."""


_once: dict[Hashable, _Once] = {}
_files: dict[Hashable, _File] = {}


def _stamp(path: Path | None) -> _Stamp | None:
    """What changes when a file is written over or replaced."""
    if path is None:
        return None
    with suppress(OSError):
        found = path.stat()
        return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
    return None


def keep(key: Hashable, decoder: Decoder, info: SourceInfo) -> None:
    """Leave a decoder that stands at its first picture to the reader that asks for `key`."""
    if not info.rereadable:
        _once[key] = _Once(decoder, info)
        return
    stamp = _stamp(info.path)
    if stamp is None:
        decoder.close()
        return
    forget(key)
    mark = object()
    _files[key] = _File(decoder, weakref.ref(info), stamp, mark)
    weakref.finalize(info, _drop, key, mark).atexit = False


def known(key: Hashable) -> SourceInfo | None:
    """What probing said of the medium that waits under `key`."""
    if key in _once:
        return _once[key].info
    kept = _files.get(key)
    info = kept.info() if kept is not None else None
    return info if kept is not None and info is not None and kept.stamp == _stamp(info.path) else None


def take(key: Hashable) -> Decoder | None:
    """The decoder that waits under `key`; it belongs to the caller then."""
    once = _once.pop(key, None)
    if once is not None:
        return once.decoder
    if known(key) is None:
        forget(key)
        return None
    kept = _files.pop(key, None)
    return kept.decoder if kept is not None else None


def forget(key: Hashable) -> None:
    """Close the file that waits under `key`, if one does."""
    kept = _files.pop(key, None)
    if kept is not None:
        kept.decoder.close()


def _drop(key: Hashable, mark: object) -> None:
    """Nobody can ask for this file any more."""
    kept = _files.get(key)
    if kept is not None and kept.mark is mark:
        forget(key)
