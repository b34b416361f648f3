"""A folder that keeps finished files, so that a machine that has none need not build them.

Each file lies there under its hash, and what a manifest says of it under what was asked for. A
file is taken out when everything that it was made from is now as it was then.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from pipeline.outputs import manifest, replacement
from pipeline.outputs.freshness import BuildState, FreshnessChecker
from pipeline.outputs.manifest import ManifestEntry
from pipeline.project import layout
from pipeline.project.editions import SCHEMAS, find_edition
from pipeline.request import Request
from pipeline.system import atomic_write
from pipeline.system.limits import DEFAULT_LIMITS


class Cache:
    """The cache in a folder."""

    def __init__(self, folder: Path, most_bytes: int = DEFAULT_LIMITS.cache_bytes) -> None:
        """Make the folder, if need be; raises Problems (``unwritable``).

        When it has grown over so many bytes, ``trim`` lets files go.
        """
        self._most_bytes = most_bytes
        self._entries, self._files = folder / "entries", folder / "files"
        for part in (self._entries, self._files):
            atomic_write.make_folder(part)

    def store_file(self, article: str, entry: ManifestEntry, data: Mapping[str, bytes]) -> None:
        """Keep a file's entry, with what it names by hash. Raises Problems (``unwritable``)."""
        record = json.dumps({"schema": SCHEMAS["cache"], **entry}).encode()
        format, requested = entry.get("format", ""), entry.get("asked", {})
        place = self._locate_entries(article, entry["template"], format, requested)
        atomic_write.make_folder(place)
        files = {self._files / digest: content for digest, content in data.items()}
        atomic_write.write_files(
            files | {place / f"{hashlib.sha256(record).hexdigest()}.json": record}
        )

    def restore(self, request: Request, state: BuildState) -> None:
        """Put the files in place that a request asks for and that are not fresh.

        Raises Problems (``unwritable``).
        """
        checker = FreshnessChecker(request.project)
        options = {format: request.list_options(format) for format in (*request.formats, "")}
        for article in request.articles or layout.list_articles(request.project):
            article = request.to_published_name(article)
            found: list[ManifestEntry] = []
            for template in request.templates or layout.list_templates(request.project):
                if (article, template) in state.whole:
                    continue
                for format, requested in options.items():
                    listed = self._list_entries(article, template, format, requested)
                    found += filter(checker.is_unchanged, listed)
            if found:
                atomic_write.make_folder(request.out / article)
                replacement.replace_files(
                    request.out / article,
                    article,
                    list(self._read_files(found)),
                    [entry for entry in found if "file" not in entry],
                    force=request.force,
                )

    def _read_files(
        self, entries: Iterable[ManifestEntry]
    ) -> Iterator[tuple[ManifestEntry, Mapping[str, bytes]]]:
        """Yield the entries of files of which everything is there, each with its bytes by hash."""
        for entry in entries:
            with suppress(OSError, KeyError, TypeError, ValueError):  # it lacks a part
                if "file" in entry:
                    digests = [entry[digest] for _, digest in manifest.FILES]
                    yield entry, {digest: self._read_file(digest) for digest in digests}

    def _read_file(self, digest: str) -> bytes:
        """Read a file by its hash, and note that it was used; raises ValueError for another."""
        path = self._files / Path(digest).name
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != digest:
            raise ValueError(digest)
        os.utime(path)
        return data

    def _locate_entries(
        self, article: str, template: str, format: str, requested: Mapping[str, Any]
    ) -> Path:
        key = json.dumps([article, template, format, requested], sort_keys=True)
        return self._entries / hashlib.sha256(key.encode()).hexdigest()

    def _list_entries(
        self, article: str, template: str, format: str, requested: Mapping[str, Any]
    ) -> Iterator[ManifestEntry]:
        """Yield the entries of all editions of the content that there are of what was asked for."""
        unnamed = {name: value for name, value in requested.items() if name != "paper"}
        folders = [
            self._locate_entries(article, template, format, options)
            for options in ([requested] if unnamed == requested else [requested, unnamed])
        ]
        for path in sorted(path for folder in folders for path in folder.glob("*.json")):
            entry = _read_entry(path)
            if (
                entry
                and entry["template"] == template
                and manifest.is_requested(entry, format, requested)
            ):
                yield entry

    def trim(self) -> None:
        """Let files go that were not used for the longest time, and entries that lack theirs."""
        with suppress(OSError):  # another build trims it as well
            known = sorted(
                ((s.st_mtime, s.st_size, p) for p in self._files.iterdir() for s in [p.stat()]),
                reverse=True,
            )
            size = 0
            for _, bytes_, path in known:
                size += bytes_
                if size > self._most_bytes:
                    path.unlink()
            if size > self._most_bytes:
                self._drop_entries()

    def _drop_entries(self) -> None:
        for path in self._entries.glob("*/*.json"):
            entry = _read_entry(path)
            if not entry or not all(
                (self._files / str(entry.get(digest))).is_file()
                for name, digest in manifest.FILES
                if name in entry
            ):
                path.unlink()


def _read_entry(path: Path) -> ManifestEntry | None:
    """Read an entry; None for what is none, whoever wrote it there."""
    with suppress(OSError, ValueError, RecursionError):
        entry: dict[str, Any] = json.loads(path.read_bytes())
        if manifest.is_entry(entry) and find_edition("cache", entry.pop("schema", 0)) == "own":
            return entry
    return None
