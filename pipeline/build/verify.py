"""Proof that a file is what its content makes: it is built again, and its bytes compared."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, get_args

from pipeline.build import build_briefs
from pipeline.build.typeset import Brief
from pipeline.build.worker_pool import typeset_briefs
from pipeline.diagnostics import (
    Diagnostic,
    Findings,
    Location,
    make_problem,
    suggest_names,
)
from pipeline.outputs import manifest
from pipeline.outputs.freshness import FreshnessChecker
from pipeline.outputs.manifest import ManifestEntry
from pipeline.outputs.status import list_reasons, make_nothing_built
from pipeline.project.choices import Format, Paper, Profile, Split
from pipeline.project.layout import CHATHAM_HOUSE
from pipeline.request import Progress, Request, UsageError


@dataclass(frozen=True, slots=True, order=True)
class VerifiedFile:
    """A file, and whether it is what its content makes."""

    file: str
    is_same: bool
    why: tuple[str, ...] = ()
    """What differs: an input, a template, a font, a package, a library, or the file itself."""


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """The files that were verified, and what was found when they were built again."""

    files: tuple[VerifiedFile, ...]
    diagnostics: tuple[Diagnostic, ...]


def verify_files(request: Request, names: Sequence[str], progress: Progress) -> VerifyResult:
    """Build files again in memory, as their manifests say; all that are listed if none is named.

    ``progress`` is called as in a build.

    A manifest that cannot be read is an error among what is found. Raises UsageError for a file
    that no manifest lists, and where none lists any (``nothing-built``).
    """
    findings = Findings()
    listed = _find_entries(request, names, findings)
    checker = FreshnessChecker(request.project)
    briefs: list[Brief] = []
    rebuilt: dict[Path, bytes] = {}
    paths: dict[Path, Path] = {}
    for path, entry in listed.items():
        with findings.collecting():
            briefs.append(_compose_again(request, path, entry))
            # Of another edition, or on the paper of another house, its name was another.
            paths[path] = briefs[-1].get_path(entry["format"])
    progress("", 0, len(briefs))
    limits = request.limits.typesetting
    with closing(typeset_briefs(briefs, request.jobs, strict=False, limits=limits)) as setting:
        for done, (brief, copies) in enumerate(setting, 1):
            rebuilt |= {brief.get_path(copy.format): copy.data for copy in copies.copies}
            findings.add_new(copies.diagnostics)
            progress(brief.name, done, len(briefs))
    return VerifyResult(
        tuple(
            sorted(
                _compare_file(checker, path, entry, rebuilt.get(paths.get(path, path)))
                for path, entry in listed.items()
            )
        ),
        tuple(findings),
    )


def _find_entries(
    request: Request, names: Sequence[str], findings: Findings
) -> dict[Path, ManifestEntry]:
    """Find the entries of files, and report manifests that are broken; raises UsageError."""
    folders = {Path(name).parent for name in names} or {
        path.parent for path in request.out.glob(f"*/{manifest.NAME}")
    }
    manifests = {folder: manifest.read_manifest(folder) for folder in sorted(folders)}
    broken = [folder for folder, listed in manifests.items() if listed.is_broken]
    findings.extend(map(manifest.report_broken, broken))
    known = {
        folder / entry["file"]: entry
        for folder, listed in manifests.items()
        for entry in listed.outputs
    }
    unknown = [name for name in names if Path(name) not in known]
    if unknown:
        raise UsageError([*findings, *(_report_unknown(name, known) for name in unknown)])
    if not (known or broken):
        raise make_nothing_built(request.out)
    return {Path(name): known[Path(name)] for name in names} if names else known


def _report_unknown(name: str, known: Collection[Path]) -> Diagnostic:
    """Return the finding that a file was named that no manifest lists."""
    at = Location(name)
    if Path(name).is_dir():
        message, hint = "this is a folder", "name its files, or its parent with --out"
    elif not os.path.lexists(name):
        message, hint = "there is no such file", "`brief status` lists the files that there are"
    else:
        message = "no manifest lists this file"
        hint = "`brief build` makes files with a manifest beside them; `brief status` lists them"
    if known and not Path(name).is_dir():
        hint = suggest_names(name, map(str, known))
    return Diagnostic("unknown-file", message, at, hint)


def _compose_again(request: Request, path: Path, entry: ManifestEntry) -> Brief:
    """Compose the brief of a file anew, as it was asked for; raises Problems."""
    if not _is_valid_entry(entry):
        raise make_problem(
            "bad-manifest",
            f"{manifest.NAME} says in no way that there is how this file was made",
            Location(str(path)),
            "build it again",
        )
    requested = entry.get("asked", {})
    article = path.parent.name
    if requested.get("chatham_house"):
        article = article.removesuffix(f"-{CHATHAM_HOUSE}")
    given: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in requested.items()
    }
    if house := given.pop("reference_docx", None):
        given["reference_docx"] = Path(house["file"])
    again = replace(
        request,
        out=path.parent.parent,
        articles=(article,),
        templates=(entry["template"],),
        formats=(entry["format"],),
        **given,
    )
    if house and again.list_options(entry["format"]) != requested:
        raise make_problem(
            "reference-changed",
            f"the Word template `{house['file']}` is another, or is not there",
            Location(str(path)),
        )
    findings = Findings()
    loaded = build_briefs.load_articles(again, findings)
    findings.stop_on_errors()
    briefs = build_briefs.compose_briefs(again, loaded, findings).briefs
    findings.stop_on_errors()
    for brief in briefs:
        if brief.part == entry.get("part", ""):
            return brief
    part = entry.get("part")
    raise make_problem("no-part", f"there is no part `{part}` any more", Location(str(path)))


def _is_valid_entry(entry: ManifestEntry) -> bool:
    """Return whether a file could be requested so: anybody may have written into a manifest."""
    requested = {"format": entry.get("format"), **entry.get("asked", {})}
    return all(key in _OPTIONS and _OPTIONS[key](value) for key, value in requested.items())


def _is_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


def _is_file(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == {"file", "sha256"}
        and all(isinstance(text, str) for text in value.values())
    )


_OPTIONS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "format": get_args(Format).__contains__,
    "questions": _is_names,
    "experts": _is_names,
    "split": get_args(Split).__contains__,
    "paper": get_args(Paper).__contains__,
    "marking": lambda value: isinstance(value, str),
    "chatham_house": lambda value: value is True,
    "profile": get_args(Profile).__contains__,
    "creep": lambda value: isinstance(value, float | int),
    "for_review": lambda value: value is True,
    "with_notes": lambda value: value is True,
    "reference_docx": _is_file,
}
"""The options that a request may have, and what each may be."""


def _compare_file(
    checker: FreshnessChecker, path: Path, entry: ManifestEntry, rebuilt: bytes | None
) -> VerifiedFile:
    file = str(path)
    if not path.is_file():
        return VerifiedFile(file, False, ("the file is missing",))
    if rebuilt is not None and path.read_bytes() == rebuilt:
        return VerifiedFile(file, True)
    why = tuple(list_reasons(checker, entry, path.parent))
    if rebuilt is None:
        return VerifiedFile(file, False, (*why, "it cannot be built"))
    return VerifiedFile(
        file, False, why or ("nothing has changed: it is not made the same each time",)
    )
