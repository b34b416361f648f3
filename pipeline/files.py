"""Files are written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from pipeline.diagnostics import Location, Problems, problem


def make_folder(path: Path) -> None:
    """Make a folder with those above it; raises Problems (``unwritable``)."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(path, error) from None


def write(path: Path, data: bytes) -> None:
    """Write a file beside its place and move it there in one step.

    Raises Problems (``unwritable``) and leaves what was there, when the folder
    cannot be written or the disk is full.
    """
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
    except OSError as error:
        with suppress(OSError):
            os.unlink(temporary)
        raise _unwritable(path, error) from None
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _unwritable(path: Path, error: OSError) -> Problems:
    return problem(
        "unwritable",
        f"cannot write here: {(error.strerror or str(error)).lower()}",
        Location(str(path)),
        "make room or take another folder with --out",
    )
