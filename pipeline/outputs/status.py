"""How every file in out/ stands: fresh, stale, missing, or unknown to the content of today."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

from pipeline.outputs import manifest
from pipeline.outputs.freshness import FreshnessChecker
from pipeline.outputs.manifest import Manifest, ManifestEntry
from pipeline.project import layout
from pipeline.project.layout import CHATHAM_HOUSE
from pipeline.request import Request, choose_names

State: TypeAlias = Literal["fresh", "stale", "missing", "unknown"]


@dataclass(frozen=True, slots=True, order=True)
class FileStatus:
    """A file, and how it stands."""

    file: str
    """Its path, from where brief was run; what is missing may have no extension."""
    state: State
    why: tuple[str, ...] = ()
    """What has changed."""


def survey_outputs(request: Request) -> tuple[FileStatus, ...]:
    """Return how the files of a request's articles stand, however these were asked for, by path.

    A brief of a template and a format of the request that was never built is missing. Unknown is
    what no manifest lists, and what no content or template of today would make.

    Raises UsageError for a name that does not exist.
    """
    articles = layout.list_articles(request.project)
    templates = layout.list_templates(request.project)
    requested = choose_names("template", request.templates, templates)
    checker = FreshnessChecker(request.project)
    found: list[FileStatus] = []
    for article in choose_names("article", request.articles, articles):
        folder = request.out / article
        listed = manifest.read_manifest(folder)
        found += _survey_listed(checker, folder, listed, requested, templates)
        found += _find_unbuilt(checker, request, article, folder, listed, requested)
        secret = request.out / f"{article}-{CHATHAM_HOUSE}"
        found += _survey_listed(
            checker, secret, manifest.read_manifest(secret), requested, templates
        )
    if not request.articles:
        published = {f"{article}{suffix}" for article in articles for suffix in _SUFFIXES}
        for path in sorted(request.out.glob(f"*/{manifest.NAME}")):
            if path.parent.name not in published:
                found += _find_unlisted(path.parent, ())
    return tuple(sorted(found))


_SUFFIXES = ("", f"-{CHATHAM_HOUSE}")


def _survey_listed(
    checker: FreshnessChecker,
    folder: Path,
    listed: Manifest,
    requested: Sequence[str],
    templates: Sequence[str],
) -> Iterator[FileStatus]:
    """Yield the state of each file of a folder."""
    for entry in listed.outputs:
        file = folder / entry["file"]
        template = entry.get("template")
        if template in templates and template not in requested:
            continue
        if not file.is_file():
            yield FileStatus(str(file), "missing")
        elif template not in templates:
            yield FileStatus(str(file), "unknown", (f"there is no template {template}",))
        elif checker.is_fresh(entry, folder):
            yield FileStatus(str(file), "fresh")
        elif _is_left_over(checker, entry, listed.outputs):
            yield FileStatus(str(file), "unknown", (f"there is no part {entry.get('part')}",))
        else:
            yield FileStatus(str(file), "stale", tuple(list_reasons(checker, entry, folder)))
    yield from _find_unlisted(folder, listed.outputs)


def _is_left_over(
    checker: FreshnessChecker, entry: ManifestEntry, outputs: Sequence[ManifestEntry]
) -> bool:
    """Return whether a file is a part that the article had, and has no more."""
    return any(
        _get_variant(other) == _get_variant(entry)
        and entry.get("part", "") not in other.get("parts", [""])
        and checker.is_unchanged(other)
        for other in outputs
    )


def _get_variant(entry: ManifestEntry) -> tuple[Any, ...]:
    return entry.get("template"), entry.get("format"), entry.get("asked", {})


def list_reasons(checker: FreshnessChecker, entry: ManifestEntry, folder: Path) -> Iterator[str]:
    """Yield what has changed since a file was made; its own bytes count as well."""
    try:
        for kind, name in checker.list_changes(entry):
            yield f"{kind}: {name}"
    except (AttributeError, KeyError, TypeError, ValueError):
        yield "the manifest makes no sense"
    if not checker.is_as_written(entry, folder):
        yield "the file or its ledger is not as it was written"


def _find_unlisted(folder: Path, outputs: Sequence[ManifestEntry]) -> Iterator[FileStatus]:
    known = {manifest.NAME, *(entry.get(key) for entry in outputs for key, _ in manifest.FILES)}
    for path in sorted(folder.glob("[!.]*")):
        if path.name not in known:
            yield FileStatus(str(path), "unknown", ("no manifest lists it",))


def _find_unbuilt(
    checker: FreshnessChecker,
    request: Request,
    article: str,
    folder: Path,
    listed: Manifest,
    requested: Sequence[str],
) -> Iterator[FileStatus]:
    """Yield briefs that were built in no way at all, though nothing says that they cannot be."""
    left_out = {e["template"] for e in listed.left_out if checker.is_unchanged(e)}
    built = {_get_variant(entry)[:2] for entry in listed.outputs}
    for template in requested:
        for format in request.formats:
            if template not in left_out and (template, format) not in built:
                yield FileStatus(str(folder / f"{article}-{template}.{format}"), "missing")
