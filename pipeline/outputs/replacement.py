"""Files of out/ are written over only where brief wrote what is there.

What a manifest lists with its hash is brief's own, and so is what has the very bytes that are to
be written. All else was put there by a person, or changed by one: it is left, and it is told.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from pipeline.diagnostics import Diagnostic, Location, Severity
from pipeline.outputs import manifest
from pipeline.outputs.manifest import ManifestEntry
from pipeline.project import layout
from pipeline.request import EDITED
from pipeline.system import atomic_write

_IS_EDITED: Final = "this file is not as it was built: somebody changed it, or put it there"
_IS_OTHER: Final = "this file is another brief, of another article or part, or another marking"
_IS_OTHER_HOUSE: Final = "this file was made with another Word template of that name"


@dataclass(frozen=True, slots=True, order=True)
class EditedFile:
    """A file that is left as it is, and why."""

    path: Path
    why: str

    def report(self) -> Diagnostic:
        """Return the finding, with the ways out."""
        shown = shlex.quote(str(self.path))
        keep = "move it away to keep it"
        if self.why == _IS_OTHER_HOUSE:
            keep = "call the file of one Word template otherwise"
        elif self.why == _IS_OTHER:
            keep = "move it away to keep it, or build into another folder with --out"
        elif self.path.suffix == ".docx":
            keep = f"`brief pull {shown}` brings its changes into the content"
        return Diagnostic(
            EDITED,
            f"{self.why}; it is left",
            Location(str(self.path)),
            f"{keep}; `brief build --force` writes over it",
            Severity.WARNING,
        )


def find_edited(
    folder: Path, outputs: Sequence[ManifestEntry], entry: ManifestEntry
) -> Iterator[EditedFile]:
    """Yield what stands in the place of an entry's file or ledger and is not brief's own.

    ``outputs`` is what the folder's manifest lists.
    """
    for name, digest in manifest.FILES:
        path = folder / entry[name]
        listed = [other for other in outputs if other.get(name) == entry[name]]
        is_own = _is_same_part if name == "ledger" else _is_same_brief
        own = [other for other in listed if is_own(other, entry)]
        if not _is_written(path, {entry[digest], *(other[digest] for other in own)}):
            why = _IS_EDITED
            if listed and not own:
                is_other_house = any(_is_same_brief(o, entry, any_house=True) for o in listed)
                why = _IS_OTHER_HOUSE if is_other_house else _IS_OTHER
            yield EditedFile(path, why)


def _is_same_part(entry: ManifestEntry, other: ManifestEntry) -> bool:
    """Return whether two files are of one part of one article, so that they share a ledger.

    An article may be called as another is where it is withheld who spoke, and a question's id
    may be that of another with an expert's.
    """
    first, second = entry.get("shown"), other.get("shown")
    rules = {bool(each.get("asked", {}).get("chatham_house")) for each in (entry, other)}
    return (
        entry.get("template") == other.get("template")
        and (first is None or second is None or first == second)
        and len(rules) == 1
    )


def _is_same_brief(entry: ManifestEntry, other: ManifestEntry, *, any_house: bool = False) -> bool:
    """Return whether one file may replace the other.

    Of the first edition, a marked brief has the name of the one that is not; and two Word
    templates may have one name, unless it may be ``any_house``.
    """
    if not _is_same_part(entry, other) or entry.get("marking") != other.get("marking"):
        return False
    houses = [each.get("asked", {}).get("reference_docx") for each in (entry, other)]
    if any_house or not all(isinstance(house, dict) for house in houses):
        return True
    return any(houses[0].get(key) == houses[1].get(key) for key in ("file", "sha256"))


def _is_written(path: Path, digests: Set[str]) -> bool:
    """Return whether brief wrote what is there; nothing and a folder are no one's work."""
    try:
        if not os.path.lexists(path) or path.is_dir():
            return True
        return path.is_file() and layout.hash_file(path) in digests
    except OSError:  # what cannot be read may be anything
        return False


def replace_files(
    folder: Path,
    article: str,
    new: Sequence[tuple[ManifestEntry, Mapping[str, bytes]]],
    left_out: Sequence[ManifestEntry] = (),
    *,
    force: bool = False,
) -> frozenset[EditedFile]:
    """Write files with the manifest that lists them, all at once; return those that are left.

    ``new`` has each file's entry, and the bytes of what it names by their sha256. Of a file that
    is left, the manifest says what it was built from, or would have been. With ``force``, none is.
    Raises Problems (``unwritable``).
    """
    with atomic_write.lock_folder(folder):
        while True:
            outputs = manifest.read_manifest(folder).outputs
            protected = () if force else [entry for entry, _ in new]
            left = _find_all_edited(folder, outputs, protected)
            paths = {edited.path for edited in left}
            files, entries = _choose_files(folder, outputs, new, paths)
            listed = manifest.build_manifest(folder, article, entries, left_out)
            # While these are written beside their places, somebody may save a file there.
            if atomic_write.write_files(
                {**files, folder / manifest.NAME: listed},
                partial(_is_left_alone, folder, outputs, protected, left),
            ):
                return left


def _find_all_edited(
    folder: Path, outputs: Sequence[ManifestEntry], entries: Iterable[ManifestEntry]
) -> frozenset[EditedFile]:
    return frozenset(e for entry in entries for e in find_edited(folder, outputs, entry))


def _is_left_alone(
    folder: Path,
    outputs: Sequence[ManifestEntry],
    entries: Iterable[ManifestEntry],
    left: frozenset[EditedFile],
) -> bool:
    """Return whether still no other files are edited than those that are left."""
    return _find_all_edited(folder, outputs, entries) == left


def _choose_files(
    folder: Path,
    outputs: Sequence[ManifestEntry],
    new: Iterable[tuple[ManifestEntry, Mapping[str, bytes]]],
    left: Set[Path],
) -> tuple[Mapping[Path, bytes], Sequence[ManifestEntry]]:
    """Return what is written, and what the manifest is to list."""
    listed = {entry["file"] for entry in outputs}
    files: dict[Path, bytes] = {}
    entries: list[ManifestEntry] = []
    for entry, data in new:
        if folder / entry["file"] in left and entry["file"] in listed:
            continue
        entries.append(entry)
        files |= {
            folder / entry[name]: data[entry[digest]]
            for name, digest in manifest.FILES
            if folder / entry[name] not in left
        }
    return files, entries
