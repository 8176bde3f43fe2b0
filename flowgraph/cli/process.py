"""Settings of the whole process, which only the program that owns it may make: the command line does."""

from __future__ import annotations

import gc
import os
from contextlib import suppress

_M_MMAP_THRESHOLD = -3
_LARGE_BYTES = 1 << 20


def start_quickly() -> None:
    """Leave garbage alone until `settle`, since what is imported stays; leave out what nothing here uses.

    That is numpy's threads for linear algebra, which would spin for a while, and pydantic's plugins, for
    which it would read the records of all installed packages.
    """
    gc.disable()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


def settle() -> None:
    """Before a run: collect garbage again, and give large blocks of memory back as soon as they are free.

    By itself glibc learns to keep freed blocks of some MiB in each thread's arena. Then the peak of two equal
    runs differs by up to 10 %, by chance; with a fixed threshold it doesn't. Other systems' allocators are
    left alone.
    """
    gc.freeze()
    gc.enable()
    with suppress(ImportError, OSError, AttributeError):
        import ctypes

        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)
