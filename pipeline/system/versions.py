"""What shapes a brief besides what it is made from: packages, libraries, and brief itself.

Versions are read off the names of the packages' folders. Asking the packages for them imports
more than a build with nothing to do can afford.
"""

from __future__ import annotations

import functools
import hashlib
import os
import re
import sys
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from pipeline.system.doctor import LIBRARIES

SHAPING_PACKAGES: Final = (
    "briefpack",
    "brotli",
    "cffi",
    "cssselect2",
    "fonttools",
    "jinja2",
    "lxml",
    "markdown-it-py",
    "markupsafe",
    "mdit-py-plugins",
    "mdurl",
    "pikepdf",
    "pillow",
    "pydyf",
    "pyphen",
    "python-docx",
    "pyyaml",
    "tinycss2",
    "tinyhtml5",
    "weasyprint",
    "webencodings",
    "zopfli",
)
"""The distributions whose code has a part in every brief."""


def read_package_versions(more: Iterable[str] = ()) -> dict[str, str]:
    """Return the version of each distribution that shapes a brief, and of ``more``, by its name."""
    found = read_installed_versions()
    return {name: found[name] for name in sorted({*SHAPING_PACKAGES, *more}) if name in found}


@functools.cache
def read_installed_versions() -> dict[str, str]:
    """Return the version of every distribution that is installed (PyPA: recording installs)."""
    found: dict[str, str] = {}
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")
        except OSError:
            continue
        for name in names:
            if match := re.fullmatch(r"(.+?)-([^-]+)\.(?:dist|egg)-info", name):
                found.setdefault(re.sub("[-_.]+", "-", match[1]).lower(), match[2])
    return found


@functools.cache
def read_library_versions() -> dict[str, str]:
    """Return what is known of the system's libraries, by their names, and Python's own."""
    found = {library.name: library.locate() or "" for library in LIBRARIES}
    return {**found, "Python": sys.version.split()[0], "zlib": zlib.ZLIB_RUNTIME_VERSION}


@functools.cache
def hash_program() -> str:
    """Return the fingerprint of brief's own files: a checkout changes without a new version."""
    here = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256()
    for folder, folders, names in os.walk(here):
        folders[:] = sorted(set(folders) - {"__pycache__", "_templates"})
        for name in sorted(n for n in names if not n.startswith(".") and not n.endswith(".md")):
            path = Path(folder, name)
            digest.update(f"{path.relative_to(here).as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
