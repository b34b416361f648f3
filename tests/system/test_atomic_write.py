"""Files are replaced whole or left, however the writing ends."""

import errno
import fcntl
import os
from pathlib import Path

import pytest

from pipeline.diagnostics import Diagnostic, Problems
from pipeline.system import atomic_write
from tests.support.command import read_files
from tests.support.workbench import get_only


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two files of an earlier time."""
    for name in ("a.pdf", "a.docx"):
        (tmp_path / name).write_bytes(b"old")
    return tmp_path


@pytest.fixture
def second_fails(monkeypatch):
    """Has the writing of the second file end in an exception."""

    def fails(error: BaseException) -> None:
        calls = []

        def fsync(handle: int) -> None:
            calls.append(handle)
            if len(calls) == 2:
                raise error

        monkeypatch.setattr(os, "fsync", fsync)

    return fails


def catch_refusal(folder: Path) -> Diagnostic:
    with pytest.raises(Problems) as caught:
        atomic_write.write_files({folder / "a.pdf": b"new", folder / "a.docx": b"new"})
    return get_only(caught.value.diagnostics)


def test_files_that_belong_together_are_replaced_and_nothing_else_is_left(folder):
    atomic_write.write_files({folder / "a.pdf": b"new pdf", folder / "b.json": b"new json"})

    assert read_files(folder) == {"a.docx": b"old", "a.pdf": b"new pdf", "b.json": b"new json"}


@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_a_file_may_be_read_by_whom_the_umask_lets(tmp_path, mask):
    before = os.umask(mask)
    try:
        atomic_write.write_files({tmp_path / "a.pdf": b""})
    finally:
        os.umask(before)

    assert (tmp_path / "a.pdf").stat().st_mode & 0o777 == 0o666 & ~mask


@pytest.mark.parametrize(
    ("number", "message", "hint"),
    [
        (errno.ENOSPC, "no space left on device", "make room on the disk, or take another folder"),
        (errno.EIO, "input/output error", "take another folder with --out"),
    ],
)
def test_when_one_cannot_be_written_all_stay_as_they_were(
    folder, second_fails, number, message, hint
):
    second_fails(OSError(number, os.strerror(number)))

    found = catch_refusal(folder)

    assert (found.code, str(found.at)) == ("unwritable", str(folder / "a.docx"))
    assert found.message == f"cannot write here: {message}"
    assert found.hint
    assert hint in found.hint
    assert read_files(folder) == {"a.docx": b"old", "a.pdf": b"old"}


def test_an_interrupted_writing_leaves_nothing_behind(folder, second_fails):
    second_fails(KeyboardInterrupt())

    with pytest.raises(KeyboardInterrupt):
        atomic_write.write_files({folder / "a.pdf": b"new", folder / "a.docx": b"new"})

    assert read_files(folder) == {"a.docx": b"old", "a.pdf": b"old"}


def test_two_that_write_the_same_file_at_once_do_not_take_each_others(folder, monkeypatch):
    monkeypatch.setattr(os, "getpid", lambda: 7)  # as in two containers
    others = iter([b"the other's"])

    def meanwhile(_: int) -> None:
        for data in others:
            atomic_write.write_files({folder / "a.pdf": data})

    monkeypatch.setattr(os, "fsync", meanwhile)

    atomic_write.write_files({folder / "a.pdf": b"new"})

    assert read_files(folder) == {"a.docx": b"old", "a.pdf": b"new"}


def test_a_folder_in_the_place_of_a_file_is_told(folder):
    (folder / "a.docx").unlink()
    (folder / "a.docx").mkdir()

    assert catch_refusal(folder).message == "cannot write here: is a directory"
    assert read_files(folder) == {"a.pdf": b"old"}


def test_a_folder_is_made_with_those_above_it_and_may_be_there(tmp_path):
    for _ in range(2):
        atomic_write.make_folder(tmp_path / "out" / "article")

    assert (tmp_path / "out" / "article").is_dir()


def test_a_file_in_the_place_of_a_folder_is_told(tmp_path):
    (tmp_path / "out").touch()

    with pytest.raises(Problems) as caught:
        atomic_write.make_folder(tmp_path / "out" / "article")

    found = get_only(caught.value.diagnostics)
    assert (found.code, found.message) == ("unwritable", "cannot write here: not a directory")
    assert str(found.at) == str(tmp_path / "out" / "article")


def test_a_folder_that_may_not_be_written_into_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root may always

    with pytest.raises(Problems, match="permission denied"):
        atomic_write.make_folder(tmp_path)


def taken(folder: Path) -> bool:
    """Return whether somebody has locked a folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def test_a_locked_folder_keeps_others_waiting_until_it_is_let_go(tmp_path):
    with atomic_write.lock_folder(tmp_path):
        assert taken(tmp_path)
    assert not taken(tmp_path)


def test_a_lock_is_let_go_after_an_error(tmp_path):
    with pytest.raises(ZeroDivisionError), atomic_write.lock_folder(tmp_path):
        raise ZeroDivisionError
    assert not taken(tmp_path)


def test_where_a_file_system_has_no_locks_the_work_goes_on(tmp_path, monkeypatch):
    def flock(handle: int, operation: int) -> None:
        raise OSError(errno.ENOLCK, "no locks")

    monkeypatch.setattr(fcntl, "flock", flock)

    with atomic_write.lock_folder(tmp_path):
        atomic_write.write_files({tmp_path / "a.pdf": b"new"})

    assert read_files(tmp_path) == {"a.pdf": b"new"}


def test_a_folder_that_has_gone_is_told(tmp_path):
    with pytest.raises(Problems, match="no such file"), atomic_write.lock_folder(tmp_path / "gone"):
        pass
