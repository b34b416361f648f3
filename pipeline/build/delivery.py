"""Finished copies to files, with the ledger and the manifest that lists all they were made from."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.build.typeset import Brief, RenderedFile, TypesetResult
from pipeline.outputs import manifest, replacement
from pipeline.outputs.cache import Cache
from pipeline.outputs.manifest import ManifestEntry
from pipeline.outputs.replacement import EditedFile
from pipeline.request import Output
from pipeline.system import versions


@dataclass(frozen=True, slots=True)
class FinishedFile:
    """A file that was set, with its manifest's entry."""

    output: Output
    entry: ManifestEntry
    data: Mapping[str, bytes]
    """The bytes of the file and of its ledger, by their sha256."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a brief's files."""

    files: Sequence[FinishedFile] = ()
    left: Sequence[EditedFile] = ()
    """The files that a person had changed, which were not written over."""

    @property
    def written(self) -> Iterator[Output]:
        """The files that were written."""
        left = {str(edited.path) for edited in self.left}
        return (file.output for file in self.files if file.output.file not in left)


def deliver_brief(brief: Brief, result: TypesetResult, *, force: bool = False) -> Delivery:
    """Write a brief's files, its quote ledger and the manifest that lists them, all at once.

    A file that was edited is left, and the others are written; with ``force``, all are.
    Raises Problems (``unwritable``).
    """
    files = [_prepare_file(brief, copy) for copy in result.copies]
    if not files:
        return Delivery()
    new = [(file.entry, file.data) for file in files]
    left = replacement.replace_files(brief.folder, brief.article, new, force=force)
    return Delivery(files, sorted(left))


def cache_files(files: Iterable[FinishedFile], cache: Cache | None) -> None:
    """Keep finished files in a cache, if there is one, but none that lacks a broken summary.

    Raises Problems (``unwritable``).
    """
    for file in files if cache else ():
        assert cache
        if not file.entry.get("without_summary"):  # it would be put in place of a whole one
            cache.store_file(file.output.article, file.entry, file.data)


def note_left_out(
    folder: Path, article: str, entries: Sequence[ManifestEntry], cache: Cache | None
) -> None:
    """List what is left out of a request: the next build need not find it out again.

    Raises Problems (``unwritable``).
    """
    replacement.replace_files(folder, article, [], entries)
    for entry in entries if cache else ():
        assert cache
        cache.store_file(article, entry, {})


def _prepare_file(brief: Brief, copy: RenderedFile) -> FinishedFile:
    digest, ledger = (hashlib.sha256(data).hexdigest() for data in (copy.data, brief.origin.ledger))
    output = Output(
        file=str(brief.get_path(copy.format)),
        article=brief.article,
        template=brief.template,
        part=brief.part,
        format=copy.format,
        profile=brief.get_profile(copy.format),
        pages=copy.pages,
        bytes=len(copy.data),
        sha256=digest,
        seconds=copy.seconds,
    )
    fields = dataclasses.asdict(output)
    del fields["seconds"], fields["article"]
    entry = {
        **fields,
        "file": Path(output.file).name,
        "paper": brief.options.paper,
        "marking": brief.document.meta.marking,
        "edition": brief.origin.edition,
        "ledger": brief.ledger_file.name,
        "ledger_sha256": ledger,
        "asked": brief.origin.requested[copy.format],
        "shown": brief.origin.shown,
        "parts": [part for part in brief.origin.parts if part],
        **describe_origin(brief.origin.inputs, list_brief_packages(brief)),
        "warnings": manifest.dump_findings([*brief.origin.warnings, *copy.diagnostics]),
        "read_again": brief.origin.read_again or None,
        "without_summary": brief.origin.without_summary or None,
    }
    return FinishedFile(
        output, manifest.make_entry(entry), {digest: copy.data, ledger: brief.origin.ledger}
    )


def describe_origin(
    inputs: Mapping[str, str | None], shaping: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return what something was made from: files, packages, libraries and brief itself."""
    return {
        "inputs": inputs,
        "packages": shaping or versions.read_package_versions(),
        "libraries": versions.read_library_versions(),
        "program": versions.hash_program(),
    }


def list_brief_packages(brief: Brief) -> Mapping[str, str]:
    """Return the versions of the packages that a brief is set with, its fonts' among them."""
    return versions.read_package_versions(brief.options.theme.distributions)
