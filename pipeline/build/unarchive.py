"""An archive PDF to the folder that it was made in: what ``attachments`` put in, taken out again.

The file may come from anyone. It is read within bounds; nothing is taken that its own list does
not have with the same bytes, and no name leads out of the folder. The folder is there whole, or
not at all.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.build import attachments
from pipeline.build.attachments import RECORD, find_clashes, is_safe_name
from pipeline.diagnostics import Location, Problems, make_problem
from pipeline.project.editions import find_edition
from pipeline.system import atomic_write, versions
from pipeline.system.limits import DEFAULT_LIMITS, ArchiveLimits
from pipeline.system.memory_limit import limit_memory


@dataclass(frozen=True, slots=True)
class RestoredFolder:
    """A folder that was restored."""

    folder: Path
    files: int
    written: bool
    """False where all of it was there already."""
    command: str
    """What makes the same brief there."""
    changes: tuple[str, ...] = ()
    """What it was made with that is another by now, so that its bytes may differ."""


def restore_folder(
    path: Path, out: Path | None = None, limits: ArchiveLimits = DEFAULT_LIMITS.archives
) -> RestoredFolder:
    """Restore the folder that a PDF was made in; of the PDF's name if ``out`` does not say.

    Raises Problems: what ``read_embedded_files`` raises, ``folder-not-empty`` when other files
    are there, ``unwritable``.
    """
    files = read_embedded_files(path, limits)
    folder = out or Path(path.name.removesuffix(".pdf").removesuffix(".archive"))
    record = json.loads(files[RECORD])
    written = not _is_there(files, folder)
    if written:
        _write_folder(files, folder)
    changes = tuple(_list_changes(record))
    return RestoredFolder(folder, len(files), written, str(record["command"]), changes)


def _list_changes(record: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a record says that its brief was made with, and that is another here."""
    if find_edition("archive", record["schema"]) == "earlier":
        yield "an earlier edition of brief"
    packages = record.get("packages")
    then = packages if isinstance(packages, dict) else {}
    now = versions.read_package_versions(then)
    for name in sorted(then):
        if then[name] != now.get(name):
            yield f"{name} {then[name]}"


def read_embedded_files(
    path: Path, limits: ArchiveLimits = DEFAULT_LIMITS.archives
) -> Mapping[str, bytes]:
    """Read the files that a PDF carries, by name.

    Raises Problems: ``unreadable``, ``too-large``, ``not-a-pdf``, ``not-an-archive`` for a PDF
    that brief has not made, ``archive-damaged`` when files are missing, changed, or misnamed.
    """
    at = Location(str(path))
    try:
        with path.open("rb") as file:
            most = limits.pdf_bytes
            if os.fstat(file.fileno()).st_size > most:
                raise make_problem("too-large", f"the file is over {most // 1_000_000} MB", at)
            with limit_memory(limits.memory):
                files = dict(_iterate_attachments(file, at, limits))
    except OSError as error:
        raise make_problem("unreadable", f"cannot be read: {error.strerror}".lower(), at) from None
    except MemoryError:
        raise make_problem(
            "too-large", "the file unpacks to more than an archive holds", at
        ) from None
    return _select_listed_files(files, at)


def _iterate_attachments(
    file: Any, at: Location, limits: ArchiveLimits
) -> Iterator[tuple[str, bytes]]:
    """Return the files of the catalog's ``AF`` (ISO 19005-3 §6.8)."""
    import pikepdf

    try:
        with pikepdf.open(file) as pdf:
            found = list(pdf.Root.get("/AF", pikepdf.Array()))
            left = limits.embedded_bytes
            for each in found[: limits.files + 3]:
                data = _unpack_stream(each.EF.F, left)
                left -= len(data)
                yield str(each.UF), data
    except (pikepdf.PdfError, pikepdf.PasswordError):
        raise make_problem(
            "not-a-pdf", "this is no PDF that can be read", at, "or one that asks for a password"
        ) from None
    except (AttributeError, KeyError, TypeError, ValueError, zlib.error):
        raise _report_foreign(at) from None


def _unpack_stream(stream: Any, most: int) -> bytes:
    """Unpack a stream (ISO 32000-1 §7.4.4), but no more than ``most`` bytes of it."""
    data: bytes = stream.read_raw_bytes()
    if stream.get("/Filter") is not None:
        if stream.Filter != "/FlateDecode" or "/DecodeParms" in stream:
            raise ValueError
        data = zlib.decompressobj().decompress(data, most + 1)
    if len(data) > most:
        raise MemoryError
    return data


def _select_listed_files(files: Mapping[str, bytes], at: Location) -> Mapping[str, bytes]:
    """Return the files that the record lists, each as it lists it."""
    try:
        record = json.loads(files[RECORD])
        listed = record["files"]
        is_known = find_edition("archive", record["schema"]) != "unknown"
        is_ours = is_known and _is_command(record)
        digests = {str(name): str(digest) for name, digest in listed.items()}
    except (LookupError, ValueError, TypeError, AttributeError, RecursionError):
        is_ours = False
    if not is_ours:
        raise _report_foreign(at)
    for name, digest in digests.items():
        if not is_safe_name(name) or name == RECORD:
            raise _report_damage(f"it has a file with the name `{name}`", at)
        if name not in files or hashlib.sha256(files[name]).hexdigest() != digest:
            raise _report_damage(f"`{name}` is not what it was when the file was made", at)
    if next(find_clashes(sorted(digests)), None):
        raise _report_damage("names in it differ in capitals only", at)
    return {name: files[name] for name in sorted({*digests, RECORD})}


def _is_command(record: Mapping[str, Any]) -> bool:
    """Return whether the command is brief's own: somebody may paste it into a shell."""
    command = attachments.format_command(record)
    is_an_article = not record["article"].startswith("-")
    return record["command"] == command and command.isprintable() and is_an_article


def _report_foreign(at: Location) -> Problems:
    return make_problem(
        "not-an-archive",
        "this PDF does not carry what it was made from",
        at,
        "only PDFs made with --profile archive do, by no later brief than this one",
    )


def _report_damage(damage: str, at: Location) -> Problems:
    return make_problem(
        "archive-damaged",
        f"nothing was taken out of this file: {damage}",
        at,
        "look for a sound copy",
    )


# --- the folder -----------------------------------------------------------------------------


def _is_there(files: Mapping[str, bytes], folder: Path) -> bool:
    """Return whether a folder has all files as they are; raises Problems when it has others."""
    try:
        if not os.path.lexists(folder) or (folder.is_dir() and not any(folder.iterdir())):
            return False
        if all((folder / name).read_bytes() == data for name, data in files.items()):
            return True
    except OSError:  # a file where a folder would be, or no file at all
        pass
    raise make_problem(
        "folder-not-empty",
        "something else is here, and nothing is written over",
        Location(str(folder)),
        "name a folder that is not there yet, with --out",
    )


def _write_folder(files: Mapping[str, bytes], folder: Path) -> None:
    """Write files beside a folder's place, and only when all are there move them in."""
    atomic_write.make_folder(folder.absolute().parent)
    try:
        beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.absolute().parent))
        try:
            for name, data in files.items():
                (beside / name).parent.mkdir(parents=True, exist_ok=True)
                (beside / name).write_bytes(data)
            beside.chmod(0o777 & ~_read_umask())
            os.rename(beside, folder)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except OSError as error:
        raise atomic_write.make_write_problem(folder, error) from None


def _read_umask() -> int:
    """Return the rights that new files are made without: asking sets them."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
