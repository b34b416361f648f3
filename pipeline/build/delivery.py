"""Finished copies to files, with the ledger and the manifest that lists all they were made from."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.build.typeset import Brief, Copy, Made
from pipeline.outputs import manifest
from pipeline.outputs.cache import Cache
from pipeline.outputs.manifest import Entry
from pipeline.request import Output
from pipeline.system import atomic_write, versions


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written, with its manifest's entry and what a cache keeps of it."""

    output: Output
    entry: Entry
    data: Mapping[str, bytes]
    """The bytes of the file and of its ledger, by their sha256."""


def write(brief: Brief, made: Made) -> Sequence[Written]:
    """Write a brief's files, its quote ledger and the manifest that lists them, all at once.

    Raises Problems (``unwritable``).
    """
    written = [_written(brief, copy) for copy in made.copies]
    if not written:
        return []
    held = {Path(file.output.file): file.data[file.output.sha256] for file in written}
    held[brief.ledger_file] = brief.ledger
    with atomic_write.locked(brief.folder):
        listed = manifest.written(brief.folder, brief.article, [file.entry for file in written])
        atomic_write.write({**held, brief.folder / manifest.NAME: listed})
    return written


def keep(written: Iterable[Written], cache: Cache | None) -> None:
    """Keep what was written in a cache, if there is one. Raises Problems (``unwritable``)."""
    for file in written if cache else ():
        assert cache
        cache.keep(file.output.article, file.entry, file.data)


def note_left_out(
    folder: Path, article: str, entries: Sequence[Entry], cache: Cache | None
) -> None:
    """List what is left out of an order: the next build need not find it out again.

    Raises Problems (``unwritable``).
    """
    with atomic_write.locked(folder):
        listed = manifest.written(folder, article, [], entries)
        atomic_write.write({folder / manifest.NAME: listed})
    for entry in entries if cache else ():
        assert cache
        cache.keep(article, entry, {})


def _written(brief: Brief, copy: Copy) -> Written:
    digest, ledger = (hashlib.sha256(data).hexdigest() for data in (copy.data, brief.ledger))
    output = Output(
        file=str(brief.file(copy.format)),
        article=brief.article,
        template=brief.template,
        part=brief.part,
        format=copy.format,
        profile=brief.profile(copy.format),
        pages=copy.pages,
        bytes=len(copy.data),
        sha256=digest,
        seconds=copy.seconds,
    )
    told = dataclasses.asdict(output)
    del told["seconds"], told["article"]
    entry = {
        **told,
        "file": Path(output.file).name,
        "paper": brief.look.paper,
        "marking": brief.document.meta.marking,
        "edition": brief.edition,
        "ledger": brief.ledger_file.name,
        "ledger_sha256": ledger,
        "asked": brief.asked[copy.format],
        "parts": [part for part in brief.parts if part],
        **made_from(brief.inputs, packages(brief)),
        "warnings": manifest.told([*brief.warnings, *copy.diagnostics]),
        "read_again": brief.read_again or None,
    }
    return Written(output, manifest.entry(entry), {digest: copy.data, ledger: brief.ledger})


def made_from(
    inputs: Mapping[str, str | None], shaping: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Say what something was made from: files, packages, libraries and brief itself."""
    return {
        "inputs": inputs,
        "packages": shaping or versions.packages(),
        "libraries": versions.libraries(),
        "program": versions.program(),
    }


def packages(brief: Brief) -> Mapping[str, str]:
    """Give the versions of the packages that a brief is set with, its fonts' among them."""
    return versions.packages(face.package.replace("_", "-") for face in brief.look.theme.faces)
