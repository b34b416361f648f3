"""A project's folders, and its files by names that are the same on every machine.

What a brief is made from is listed by these names: ``content/…`` and ``templates/…`` are the
project's own, ``templates/shipped/…`` are the templates that came with brief, and
``fonts/<package>/…`` are the theme's fonts. This module imports nothing of ours, so that a build
with nothing to do can look at the files and no more.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
from pathlib import Path
from typing import Final

CHATHAM_HOUSE: Final = "chatham-house"
"""What stands behind an article's name where it is withheld who spoke."""

SHIPPED, FONTS = "templates/shipped/", "fonts/"
ELSEWHERE = "elsewhere"
"""In place of the hash of a file that a link leads to, out of the folder it should stand in."""


def list_articles(project: Path) -> tuple[str, ...]:
    """Return the ids of the articles: the folders of content/ that hold an article.md."""
    found = (project / "content").glob("[!.]*/article.md")
    return tuple(sorted(path.parent.name for path in found))


def locate_shipped_templates() -> Path:
    """Return the folder of the shipped templates: in the wheel, or in the checkout."""
    here = Path(__file__).resolve().parent.parent
    packaged = here / "_templates"
    return packaged if packaged.is_dir() else here.parent / "templates"


def choose_shipped_templates(project: Path) -> Path:
    """Return the shipped templates that a project takes: those it holds itself come first."""
    own = project / "templates" / "shipped"
    return own if own.is_dir() else locate_shipped_templates()


def list_template_roots(project: Path) -> tuple[Path, ...]:
    """Return the folders that templates are looked for in, the project's own first."""
    own, shipped = project / "templates", choose_shipped_templates(project)
    return (own, shipped) if own.resolve() != shipped.resolve() else (own,)


def list_templates(project: Path) -> tuple[str, ...]:
    """Return the names of the templates that a project sees: folders with a template.yaml."""
    found = (p for root in list_template_roots(project) for p in root.glob("[!_.]*/template.yaml"))
    return tuple(sorted({path.parent.name for path in found}))


def is_inside(path: Path, folder: Path) -> bool:
    """Return whether a path stays in a folder when every link on the path's way is followed.

    The folder's own links are not: resolve it where they may lead away.
    """
    return Path(os.path.realpath(path)).is_relative_to(folder)


def _list_font_folders(package: str) -> list[Path]:
    """List where a package keeps fonts, without importing it."""
    spec = importlib.util.find_spec(package) if package.isidentifier() else None
    return [Path(folder, "files") for folder in (spec and spec.submodule_search_locations) or ()]


def has_fonts(package: str) -> bool:
    """Return whether a package is installed that may have fonts."""
    return any(folder.is_dir() for folder in _list_font_folders(package))


def find_font_file(package: str, name: str) -> Path | None:
    """Find a font file of an installed package, without importing the package."""
    for folder in _list_font_folders(package):
        path = folder / name
        if path.suffix == ".ttf" and path.is_file():
            return path
    return None


def name_template_file(project: Path, path: Path) -> str:
    """Return the name by which ``FileHashes``, or a person at the root, finds a template's file."""
    path = Path(os.path.normpath(path))
    shipped = Path(os.path.normpath(choose_shipped_templates(project)))
    if path.is_relative_to(project / "templates") or not path.is_relative_to(shipped):
        return path.relative_to(project).as_posix()
    return SHIPPED + path.relative_to(shipped).as_posix()


class FileHashes:
    """Files by their names, each looked at once."""

    def __init__(self, project: Path) -> None:
        """Look in a project, in the shipped templates and in the packages of fonts."""
        self._project = project
        self._shipped = choose_shipped_templates(project)
        self._known: dict[str, str | None] = {}

    def get_hash(self, name: str) -> str | None:
        """Return a file's hash; None when there is none, ``ELSEWHERE`` when a link leads away."""
        if name not in self._known:
            self._known[name] = self._compute_hash(name)
        return self._known[name]

    def _compute_hash(self, name: str) -> str | None:
        root = self._project / (name.partition("/")[0] if "/" in name else "")
        path = self._project / name
        if name.startswith(SHIPPED):
            root, path = self._shipped, self._shipped / name.removeprefix(SHIPPED)
        try:
            if name.startswith(FONTS):
                package, _, file = name.removeprefix(FONTS).partition("/")
                font = find_font_file(package, file)
                return None if font is None else hash_file(font)
            is_file = path.is_file()
            if not is_file and not path.is_symlink():
                return None
            is_own = is_inside(path, Path(os.path.realpath(root)))
            return hash_file(path) if is_file and is_own else ELSEWHERE
        except (OSError, ValueError):  # it cannot be read, or no file could be called so
            return ELSEWHERE


def hash_file(path: Path) -> str:
    """Hash a file's bytes. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
