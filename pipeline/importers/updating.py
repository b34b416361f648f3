"""An article imported anew: a merge over the last import keeps what a person put right in it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

import yaml

from pipeline.diagnostics import Diagnostic, Location, make_problem
from pipeline.project import text_files

NAME: Final = "import.md"
"""The file beside article.md that keeps what the last import wrote."""
MergeTexts: TypeAlias = Callable[[str, str, str], str]
"""Merges a base, what a person made of it, and what is new: lines, with conflict marks."""


@dataclass(frozen=True, slots=True)
class Update:
    """An article with what is new in its source."""

    text: str
    conflicts: tuple[Diagnostic, ...] = ()
    """The places where a person and the source changed the same lines."""


def update_article(
    path: Path,
    name: str,
    new: str,
    merge: MergeTexts,
    import_kept: Callable[[Path], str | None],
) -> Update:
    """Merge a new import into an article that is there, which messages call ``name``.

    The base is what the last import wrote. Of an article that was imported before that was kept,
    it is made anew of the source beside it, by ``import_kept``.
    Raises Problems: ``no-import-base`` where there is no base and the article is not what an
    import wrote, and what the article cannot be read for.
    """
    mine, _ = text_files.read_text(path, name)
    base = _read_base(path.parent, name)
    if base is None:
        source = _find_kept_source(path.parent, mine)
        base = import_kept(source) if source else None
    if mine == new:
        return Update(text_files.restore_line_ends(new, path.read_bytes()))
    if base is None:
        raise make_problem(
            "no-import-base",
            "what the last import wrote is not known, so that your changes cannot be told from it",
            Location(name),
            "put the source back beside the article as it was imported; or import it under "
            "another id with --as, and carry over what is new",
        )
    merged = merge(base, mine, new)
    marked = text_files.find_conflicts(merged, name)
    conflicts = [
        Diagnostic(
            found.code, "the article and its source were both changed here", found.at, found.hint
        )
        for found in marked
    ]
    return Update(text_files.restore_line_ends(merged, path.read_bytes()), tuple(conflicts))


def _read_base(folder: Path, name: str) -> str | None:
    path = folder / NAME
    if not path.is_file():
        return None
    label = f"{name.rpartition('/')[0]}/{NAME}"
    text_files.check_inside(path, folder.resolve(), label)
    return text_files.read_text(path, label)[0]


def _find_kept_source(folder: Path, article: str) -> Path | None:
    """Return the source beside an article, if it has the bytes that were imported."""
    try:
        front = yaml.safe_load(article.split("\n---", 1)[0].removeprefix("---"))
        source: Mapping[str, object] = front["source"]
        path = folder / str(source["file"])
        if path.resolve().parent != folder.resolve():
            return None
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except (yaml.YAMLError, OSError, TypeError, KeyError):
        return None
    return path if digest == source.get("sha256") else None
