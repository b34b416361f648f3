"""How every file in out/ stands: fresh, stale, edited, missing, or unknown to today's content."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

from pipeline.outputs import manifest
from pipeline.outputs.freshness import FreshnessChecker
from pipeline.outputs.manifest import Manifest, ManifestEntry
from pipeline.outputs.replacement import find_edited
from pipeline.project import layout
from pipeline.project.layout import CHATHAM_HOUSE
from pipeline.request import Request, UsageError, choose_names, make_usage_error

State: TypeAlias = Literal["fresh", "stale", "edited", "missing", "unknown"]


@dataclass(frozen=True, slots=True, order=True)
class FileStatus:
    """A file, and how it stands."""

    file: str
    """Its path, from where brief was run; what is missing may have no extension."""
    state: State
    why: tuple[str, ...] = ()
    """What has changed."""


def survey_outputs(request: Request, *, required: bool = False) -> tuple[FileStatus, ...]:
    """Return how the files of a request's articles stand, however these were asked for, by path.

    A brief of a template and a format of the request that was never built is missing. Unknown is
    what no manifest lists, and what no content or template of today would make.

    Raises UsageError for a name that does not exist, and, if they are ``required``, where neither
    a manifest nor a file is there to judge (``nothing-built``).
    """
    articles = layout.list_articles(request.project)
    templates = layout.list_templates(request.project)
    requested = choose_names("template", request.templates, templates)
    chosen = choose_names("article", request.articles, articles)
    if required:
        _require_outputs(request, chosen)
    checker = FreshnessChecker(request.project)
    found: list[FileStatus] = []
    for article in chosen:
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
                found += _find_leftover(path.parent)
    return tuple(sorted(found))


_SUFFIXES = ("", f"-{CHATHAM_HOUSE}")


def _require_outputs(request: Request, articles: Sequence[str]) -> None:
    """Raise UsageError where no manifest and no file is: nobody can say that all is well there."""
    names = [f"{article}{suffix}" for article in articles for suffix in _SUFFIXES]
    patterns = [f"{name}/[!.]*" for name in names] if request.articles else ["*/[!.]*"]
    if not any(path for pattern in patterns for path in request.out.glob(pattern)):
        raise make_nothing_built(request.out)


def make_nothing_built(out: Path) -> UsageError:
    """Return the exception for a folder in which nothing was built that could be judged."""
    return make_usage_error(
        "nothing-built",
        f"there is nothing to judge: no brief was built into {out}/",
        "build first, or name the folder of the briefs with --out",
    )


def _survey_listed(
    checker: FreshnessChecker,
    folder: Path,
    listed: Manifest,
    requested: Sequence[str],
    templates: Sequence[str],
) -> Iterator[FileStatus]:
    """Yield the state of each file of a folder."""
    ledgers: set[Path] = set()
    for entry in listed.outputs:
        file = folder / entry["file"]
        if entry["template"] in templates and entry["template"] not in requested:
            continue
        edited = set[Path]()
        if not checker.is_as_written(entry, folder):
            edited = {found.path for found in find_edited(folder, listed.outputs, entry)}
        ledgers |= edited - {file}
        if not os.path.lexists(file):
            yield FileStatus(str(file), "missing")
        elif entry["template"] not in templates:
            why = f"there is no template {entry['template']}"
            yield FileStatus(str(file), "unknown", (why,))
        elif file in edited:
            why_edited = tuple(list_reasons(checker, entry, folder))
            yield FileStatus(str(file), "edited", why_edited)
        else:
            yield FileStatus(str(file), *_judge_file(checker, entry, folder, listed.outputs))
    yield from (FileStatus(str(ledger), "edited") for ledger in ledgers)
    if listed.is_broken:
        ways = ("it cannot be read", "`brief build` writes it anew")
        yield FileStatus(str(folder / manifest.NAME), "edited", ways)
    yield from _find_unlisted(folder, listed)


def _judge_file(
    checker: FreshnessChecker, entry: ManifestEntry, folder: Path, outputs: Sequence[ManifestEntry]
) -> tuple[State, tuple[str, ...]]:
    """Return how a file stands that nobody edited, and why."""
    if not entry.get("without_summary") and checker.find_left(entry, folder, outputs) is not None:
        return "fresh", ()
    if reason := _explain_left_over(checker, entry, outputs):
        return "unknown", (reason,)
    return "stale", tuple(list_reasons(checker, entry, folder))


def _explain_left_over(
    checker: FreshnessChecker, entry: ManifestEntry, outputs: Sequence[ManifestEntry]
) -> str:
    """Return why no build makes a file any more, as files of today show; empty if one may."""
    options, part = entry.get("asked", {}), entry.get("part", "")
    for other in outputs:
        if _get_kind(other) != _get_kind(entry) or not checker.is_unchanged(other):
            continue
        of_other = other.get("asked", {})
        if of_other == options and part not in other.get("parts", [""]):
            return f"there is no part {part}"
        if "paper" in of_other or part != other.get("part", ""):
            continue
        if {**of_other, "paper": other.get("paper")} == options:
            return f"{options['paper']} is the house's paper by now: see {other['file']}"
    return ""


def _get_kind(entry: ManifestEntry) -> tuple[Any, Any]:
    return entry.get("template"), entry.get("format")


def list_reasons(checker: FreshnessChecker, entry: ManifestEntry, folder: Path) -> Iterator[str]:
    """Yield what has changed since a file was made; its own bytes count as well."""
    try:
        for kind, name in checker.list_changes(entry):
            yield f"{kind}: {name}"
    except (AttributeError, KeyError, TypeError, ValueError):
        yield "the manifest makes no sense"
    if not checker.is_as_written(entry, folder):
        yield "the file or its ledger is not as it was written"
    if entry.get("without_summary"):
        yield "summary.yaml had errors, and the brief was built without it"


def _find_unlisted(folder: Path, listed: Manifest) -> Iterator[FileStatus]:
    names = [entry.get(key) for entry in listed.outputs for key, _ in manifest.FILES]
    why = "the manifest cannot be read" if listed.is_broken else "no manifest lists it"
    for path in sorted(folder.glob("[!.]*")):
        if path.name not in {manifest.NAME, *names}:
            yield FileStatus(str(path), "unknown", (why,))


def _find_leftover(folder: Path) -> Iterator[FileStatus]:
    """Yield the files of an article that is not there any more."""
    listed = manifest.read_manifest(folder)
    article = folder.name.removesuffix(f"-{CHATHAM_HOUSE}")
    for name in sorted({entry["file"] for entry in listed.outputs}):
        if os.path.lexists(folder / name):
            why = f"there is no article {article}"
            yield FileStatus(str(folder / name), "unknown", (why,))
    yield from _find_unlisted(folder, listed)


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
    built = {_get_kind(entry) for entry in listed.outputs}
    for template in requested:
        for format in request.formats:
            file = folder / f"{article}-{template}.{format}"
            is_unjudged = listed.is_broken and os.path.lexists(file)
            if (template, format) not in built and not (template in left_out or is_unjudged):
                yield FileStatus(str(file), "missing")
