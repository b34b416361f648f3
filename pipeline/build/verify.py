"""Proof that a file is what its content makes: it is built again, and its bytes compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, get_args

from pipeline.build import build_steps
from pipeline.build.typeset import Brief
from pipeline.build.worker_pool import set_briefs
from pipeline.diagnostics import Diagnostic, Findings, Location, Problems, known_names, problem
from pipeline.look import theme
from pipeline.outputs import manifest
from pipeline.outputs.freshness import Judge
from pipeline.outputs.manifest import Entry
from pipeline.outputs.status import reasons
from pipeline.project.layout import CHATHAM_HOUSE, Split
from pipeline.render.contract import FORMATS, PROFILES
from pipeline.request import Order, Usage


@dataclass(frozen=True, slots=True, order=True)
class Verified:
    """A file, and whether it is what its content makes."""

    file: str
    is_same: bool
    why: tuple[str, ...] = ()
    """What differs: an input, a template, a font, a package, a library, or the file itself."""


@dataclass(frozen=True, slots=True)
class Result:
    """The files that were verified, and what was found when they were built again."""

    files: tuple[Verified, ...]
    diagnostics: tuple[Diagnostic, ...]


def run(order: Order, names: Sequence[str], progress: Callable[[str, int, int], None]) -> Result:
    """Build files again in memory, as their manifests say; all that are listed if none is named.

    ``progress`` is as in ``build``.

    Raises Usage for a file that no manifest lists.
    """
    listed = _listed(order, names)
    judge = Judge(order.project)
    findings = Findings()
    briefs: list[Brief] = []
    made: dict[Path, bytes] = {}
    for path, entry in listed.items():
        try:
            briefs.append(_brief(order, path, entry))
        except Problems as problems:
            findings.extend([d for d in problems.diagnostics if d not in findings.found])
    progress("", 0, len(briefs))
    with closing(set_briefs(briefs, order.jobs, strict=False)) as setting:
        for done, (brief, copies) in enumerate(setting, 1):
            made |= {brief.file(copy.format): copy.data for copy in copies.copies}
            findings.extend([d for d in copies.diagnostics if d not in findings.found])
            progress(brief.name, done, len(briefs))
    return Result(
        tuple(sorted(_compared(judge, path, listed[path], made.get(path)) for path in listed)),
        tuple(findings),
    )


def _listed(order: Order, names: Sequence[str]) -> dict[Path, Entry]:
    """Find the entries of files; raises Usage."""
    folders = {Path(name).parent for name in names} or {
        path.parent for path in order.out.glob(f"*/{manifest.NAME}")
    }
    known = {
        folder / entry["file"]: entry
        for folder in sorted(folders)
        for entry in manifest.read(folder).outputs
    }
    findings = Findings()
    for name in names:
        if Path(name) not in known:
            findings.error(
                "unknown-file",
                "no manifest lists this file",
                Location(name),
                known_names(name, map(str, known)),
            )
    if findings.found:
        raise Usage(findings)
    return {Path(name): known[Path(name)] for name in names} if names else known


def _brief(order: Order, path: Path, entry: Entry) -> Brief:
    """Compose the brief of a file anew, as it was asked for; raises Problems."""
    if not _makes_sense(entry):
        raise problem(
            "bad-manifest",
            f"{manifest.NAME} says in no way that there is how this file was made",
            Location(str(path)),
            "build it again",
        )
    asked = entry.get("asked", {})
    article = path.parent.name
    if asked.get("chatham_house"):
        article = article.removesuffix(f"-{CHATHAM_HOUSE}")
    given: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in asked.items()
    }
    if house := given.pop("reference_docx", None):
        given["reference_docx"] = Path(house["file"])
    again = replace(
        order,
        out=path.parent.parent,
        articles=(article,),
        templates=(entry["template"],),
        formats=(entry["format"],),
        **given,
    )
    if house and again.asked(entry["format"]) != asked:
        raise problem(
            "reference-changed",
            f"the Word template `{house['file']}` is another, or is not there",
            Location(str(path)),
        )
    findings = Findings()
    loaded = build_steps.load(again, findings)
    findings.stop_on_errors()
    for brief in build_steps.compose_briefs(again, loaded, findings).briefs:
        if brief.part == entry.get("part", ""):
            return brief
    part = entry.get("part")
    raise problem("no-part", f"there is no part `{part}` any more", Location(str(path)))


def _makes_sense(entry: Entry) -> bool:
    """Tell whether a file could have been ordered so: anybody may have written into a manifest."""
    asked = {"format": entry.get("format"), **entry.get("asked", {})}
    return all(key in _OPTIONS and _OPTIONS[key](value) for key, value in asked.items())


def _is_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


def _is_file(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == {"file", "sha256"}
        and all(isinstance(said, str) for said in value.values())
    )


_OPTIONS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "format": list(FORMATS).__contains__,
    "questions": _is_names,
    "experts": _is_names,
    "split": get_args(Split).__contains__,
    "paper": list(theme.PAPER).__contains__,
    "marking": lambda value: isinstance(value, str),
    "chatham_house": lambda value: value is True,
    "profile": list(PROFILES).__contains__,
    "creep": lambda value: isinstance(value, float | int),
    "for_review": lambda value: value is True,
    "with_notes": lambda value: value is True,
    "reference_docx": _is_file,
}
"""What an order may have been given, and what each may be."""


def _compared(judge: Judge, path: Path, entry: Entry, made: bytes | None) -> Verified:
    file = str(path)
    if not path.is_file():
        return Verified(file, False, ("the file is missing",))
    if made is not None and path.read_bytes() == made:
        return Verified(file, True)
    why = tuple(reasons(judge, entry, path.parent))
    if made is None:
        return Verified(file, False, (*why, "it cannot be built"))
    return Verified(file, False, why or ("nothing has changed: it is not made the same each time",))
