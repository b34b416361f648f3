"""Folders of content/ that look like an article and are none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.diagnostics import Diagnostic, Location, Severity


def report_unread_folders(project: Path) -> Iterator[Diagnostic]:
    """Yield a warning for each folder of content/ that holds a part of an article, and no article.

    That is a summary.yaml, or an article.md in other capitals.
    """
    for folder in sorted((project / "content").glob("[!.]*/")):
        try:
            names = sorted(path.name for path in folder.iterdir())
        except OSError:  # it cannot be looked into, or is a file
            continue
        other = next((name for name in names if name.lower() == "article.md"), None)
        if "article.md" in names or not (other or "summary.yaml" in names):
            continue
        yield Diagnostic(
            "no-article",
            f"`{folder.name}` is no article: it has no article.md",
            Location(f"content/{folder.name}/{other or 'summary.yaml'}"),
            f"call `{other}` article.md" if other else "write article.md, or delete the folder",
            Severity.WARNING,
        )


def get_folder(found: Diagnostic) -> str:
    """Return the name of the folder that a finding is of."""
    return found.at.file.split("/")[1] if found.at else ""
