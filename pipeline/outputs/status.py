"""How every file in out/ stands: fresh, stale, missing, or unknown to the content of today."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

from pipeline.outputs import manifest
from pipeline.outputs.freshness import Judge
from pipeline.outputs.manifest import Entry, Manifest
from pipeline.project import layout
from pipeline.project.layout import CHATHAM_HOUSE
from pipeline.request import Order, chosen

State: TypeAlias = Literal["fresh", "stale", "missing", "unknown"]


@dataclass(frozen=True, slots=True, order=True)
class Standing:
    """A file, and how it stands."""

    file: str
    """Its path, from where brief was run; what is missing may have no extension."""
    state: State
    why: tuple[str, ...] = ()
    """What has changed."""


def survey(order: Order) -> tuple[Standing, ...]:
    """Look at the files of an order's articles, however they were asked for, by their paths.

    A brief of a template and a format of the order that was never built is missing. Unknown is
    what no manifest lists, and what no content or template of today would make.

    Raises Usage for a name that does not exist.
    """
    articles = layout.articles(order.project)
    templates = layout.templates(order.project)
    asked = chosen("template", order.templates, templates)
    judge = Judge(order.project)
    found: list[Standing] = []
    for article in chosen("article", order.articles, articles):
        folder = order.out / article
        listed = manifest.read(folder)
        found += _listed(judge, folder, listed, asked, templates)
        found += _never_built(judge, order, article, folder, listed, asked)
        secret = order.out / f"{article}-{CHATHAM_HOUSE}"
        found += _listed(judge, secret, manifest.read(secret), asked, templates)
    if not order.articles:
        published = {f"{article}{suffix}" for article in articles for suffix in _SUFFIXES}
        for path in sorted(order.out.glob(f"*/{manifest.NAME}")):
            if path.parent.name not in published:
                found += _unlisted(path.parent, ())
    return tuple(sorted(found))


_SUFFIXES = ("", f"-{CHATHAM_HOUSE}")


def _listed(
    judge: Judge, folder: Path, listed: Manifest, asked: Sequence[str], templates: Sequence[str]
) -> Iterator[Standing]:
    """Tell of each file of a folder."""
    for entry in listed.outputs:
        file = folder / entry["file"]
        template = entry.get("template")
        if template in templates and template not in asked:
            continue
        if not file.is_file():
            yield Standing(str(file), "missing")
        elif template not in templates:
            yield Standing(str(file), "unknown", (f"there is no template {template}",))
        elif judge.is_fresh(entry, folder):
            yield Standing(str(file), "fresh")
        elif _is_left_over(judge, entry, listed.outputs):
            yield Standing(str(file), "unknown", (f"there is no part {entry.get('part')}",))
        else:
            yield Standing(str(file), "stale", tuple(reasons(judge, entry, folder)))
    yield from _unlisted(folder, listed.outputs)


def _is_left_over(judge: Judge, entry: Entry, outputs: Sequence[Entry]) -> bool:
    """Tell whether a file is a part that the article had, and has no more."""
    return any(
        _way(other) == _way(entry)
        and entry.get("part", "") not in other.get("parts", [""])
        and judge.is_unchanged(other)
        for other in outputs
    )


def _way(entry: Entry) -> tuple[Any, ...]:
    return entry.get("template"), entry.get("format"), entry.get("asked", {})


def reasons(judge: Judge, entry: Entry, folder: Path) -> Iterator[str]:
    """Say what has changed since a file was made; its own bytes count as well."""
    try:
        for kind, name in judge.changes(entry):
            yield f"{kind}: {name}"
    except (AttributeError, KeyError, TypeError, ValueError):
        yield "the manifest makes no sense"
    if not judge.is_as_written(entry, folder):
        yield "the file or its ledger is not as it was written"


def _unlisted(folder: Path, outputs: Sequence[Entry]) -> Iterator[Standing]:
    known = {manifest.NAME, *(entry.get(key) for entry in outputs for key, _ in manifest.FILES)}
    for path in sorted(folder.glob("[!.]*")):
        if path.name not in known:
            yield Standing(str(path), "unknown", ("no manifest lists it",))


def _never_built(
    judge: Judge,
    order: Order,
    article: str,
    folder: Path,
    listed: Manifest,
    asked: Sequence[str],
) -> Iterator[Standing]:
    """Tell of briefs that were built in no way at all, though nothing says that they cannot be."""
    left_out = {e["template"] for e in listed.left_out if judge.is_unchanged(e)}
    built = {_way(entry)[:2] for entry in listed.outputs}
    for template in asked:
        for format in order.formats:
            if template not in left_out and (template, format) not in built:
                yield Standing(str(folder / f"{article}-{template}.{format}"), "missing")
