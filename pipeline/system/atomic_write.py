"""Files are written whole or not at all, and files that belong together all at once."""

from __future__ import annotations

import errno
import fcntl
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from pipeline.diagnostics import Location, Problems, make_problem

_TEMPORARY_NAME: Final = re.compile(r"\..+\.\d+")


def make_folder(path: Path) -> None:
    """Make a folder with those above it.

    Raises Problems (``unwritable``) when it cannot be made or written into.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise make_write_problem(path, error) from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise make_write_problem(path, PermissionError(errno.EACCES, "permission denied"))


def write_files(
    files: Mapping[Path, bytes], may_replace: Callable[[], bool] = lambda: True
) -> bool:
    """Write files under temporary names, and rename them only when all are written.

    Return whether they were: ``may_replace`` is asked last of all, right before.
    Raises Problems (``unwritable``), and leaves what was there, when a file cannot
    be written or the disk is full.
    """
    # No process's number: those of two containers that share a folder are often the same.
    number = int.from_bytes(os.urandom(6))
    temporary = {path: path.with_name(f".{path.name}.{number}") for path in files}
    path = Path()
    try:
        for path, data in files.items():
            if path.is_dir():
                raise IsADirectoryError(errno.EISDIR, "is a directory")
            with temporary[path].open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        if not may_replace():
            return False
        for path, written in temporary.items():
            os.replace(written, path)
        return True
    except OSError as error:
        raise make_write_problem(path, error) from None
    finally:
        for written in temporary.values():
            with suppress(OSError):
                written.unlink()


@contextmanager
def lock_folder(folder: Path) -> Iterator[None]:
    """Keep others who lock the folder waiting, as long as it is read and written.

    Temporary files of processes that were killed while they wrote are deleted.
    """
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise make_write_problem(folder, error) from None
    try:
        with suppress(OSError):  # some network file systems have no locks
            fcntl.flock(handle, fcntl.LOCK_EX)
            for path in folder.iterdir():
                if _TEMPORARY_NAME.fullmatch(path.name):
                    path.unlink()
        yield
    finally:
        os.close(handle)


def make_write_problem(path: Path, error: OSError) -> Problems:
    """Return a problem (``unwritable``): a file or folder cannot be written, and why."""
    return make_problem(
        "unwritable",
        f"cannot write here: {(error.strerror or str(error)).lower()}",
        Location(str(path)),
        "make room on the disk, or take another folder with --out"
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        else "take another folder with --out",
    )
