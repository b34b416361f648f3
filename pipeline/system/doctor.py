"""What `brief` needs of this machine, what is there, and how to get what is missing.

The one list of system libraries stands here. `brief doctor` reads it, and so does the set-up
behind `make`, which runs under a bare system Python before anything is installed: hence this
file uses the standard library only, imports nothing of ours, and can be run by itself.

Libraries are looked for by loading them, as WeasyPrint will. WeasyPrint is not imported: that is
slow, and fails when one of them is missing.
"""

from __future__ import annotations

import ctypes
import operator
import re
import shlex
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

DISTRIBUTION = "briefpack"
MINIMUM_PYTHON = (3, 11)


@dataclass(frozen=True, slots=True)
class PackageNames:
    """The name of the package that holds something, for each package manager."""

    apt: str
    dnf: str
    brew: str


@dataclass(frozen=True, slots=True)
class Library:
    """A shared library.

    Attributes:
        name: What people call it.
        filenames: The names the loader is asked for, in order: Linux's, then macOS's.
        packages: Where to get it.
        version_function: A C function without arguments that returns the version as text.
    """

    name: str
    filenames: tuple[str, ...]
    packages: PackageNames
    version_function: str = ""

    def locate(self) -> str | None:
        """Return the version and file name of the library that loads, or None if none does."""
        for filename in self.filenames:
            try:
                library = ctypes.CDLL(filename)
            except OSError:
                continue
            if not self.version_function:
                return filename
            function = library[self.version_function]
            function.restype = ctypes.c_char_p
            return f"{function().decode('ascii')} ({filename})"
        return None


@dataclass(frozen=True, slots=True)
class Tool:
    """A program that is called by its name.

    Attributes:
        command: The name that is looked for on PATH.
        purpose: What it is good for here.
        packages: Where to get it.
    """

    command: str
    purpose: str
    packages: PackageNames

    @property
    def name(self) -> str:
        """The command, with what it is for."""
        return f"{self.command} ({self.purpose})"

    def locate(self) -> str | None:
        """Return the path of the program, or None if it is not on PATH."""
        return shutil.which(self.command)


LIBRARIES = (
    Library(
        "GObject",
        ("libgobject-2.0.so.0", "libgobject-2.0.0.dylib"),
        PackageNames("libglib2.0-0", "glib2", "glib"),
    ),
    Library(
        "Pango",
        ("libpango-1.0.so.0", "libpango-1.0.dylib"),
        PackageNames("libpango-1.0-0", "pango", "pango"),
        "pango_version_string",
    ),
    Library(
        "PangoFT2",
        ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib"),
        PackageNames("libpangoft2-1.0-0", "pango", "pango"),
    ),
    Library(
        "HarfBuzz",
        ("libharfbuzz.so.0", "libharfbuzz.0.dylib"),
        PackageNames("libharfbuzz0b", "harfbuzz", "harfbuzz"),
        "hb_version_string",
    ),
    Library(
        "HarfBuzz subset",
        ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib"),
        PackageNames("libharfbuzz-subset0", "harfbuzz", "harfbuzz"),
    ),
    Library(
        "Fontconfig",
        ("libfontconfig.so.1", "libfontconfig.1.dylib"),
        PackageNames("libfontconfig1", "fontconfig", "fontconfig"),
    ),
)
"""What WeasyPrint loads when it is imported; all of it is required."""

TEST_TOOLS = (
    Tool(
        "pdftotext",
        "the tests read PDF files with it",
        PackageNames("poppler-utils", "poppler-utils", "poppler"),
    ),
)
"""What only `make test` needs."""

USEFUL_TOOLS = (
    Tool(
        "soffice",
        "LibreOffice, to look at DOCX files",
        PackageNames("libreoffice-writer-nogui", "libreoffice-writer", "--cask libreoffice"),
    ),
)
"""What nothing needs, but people like to have."""


@dataclass(frozen=True, slots=True)
class RequirementStatus:
    """One thing that was looked for.

    Attributes:
        name: What it is.
        ok: Whether it is there and as it should be.
        found: The version or path that was found, or what is wrong.
        need: Whether `brief` works without it.
        remedy: What to do about it; empty if it is ok.
    """

    name: str
    ok: bool
    found: str
    need: Literal["required", "optional"]
    remedy: str = ""


def examine_machine() -> tuple[RequirementStatus, ...]:
    """Look for everything that `brief` needs or can use; nothing is changed or downloaded."""
    return (
        _check_python(),
        *(_check_system_part(library, "required") for library in LIBRARIES),
        *_check_distributions(),
        *(_check_system_part(tool, "optional") for tool in (*TEST_TOOLS, *USEFUL_TOOLS)),
    )


def format_requirements(findings: Iterable[RequirementStatus]) -> str:
    """Set findings as plain lines for a person, each remedy under what it mends."""
    lines = []
    for finding in findings:
        state = "ok" if finding.ok else {"required": "MISSING", "optional": "-"}[finding.need]
        lines.append(f"{state:8} {finding.name}: {finding.found}")
        if finding.remedy:
            lines.append(f"{'':8}   to get it: {finding.remedy}")
    return "\n".join(lines)


def list_install_commands(packages: Iterable[PackageNames]) -> dict[str, str]:
    """Return the command that installs the packages, for each package manager by its program.

    Each package is named once, in the order given.
    """
    wanted = tuple(packages)
    apt, dnf, brew = (
        " ".join(dict.fromkeys(getattr(entry, manager) for entry in wanted))
        for manager in ("apt", "dnf", "brew")
    )
    return {
        "apt-get": f"sudo apt-get update && sudo apt-get install {apt}",
        "dnf": f"sudo dnf install {dnf}",
        "brew": f"brew install {brew}",
    }


def _check_python() -> RequirementStatus:
    found = f"{sys.version.split()[0]} ({sys.executable})"
    if sys.version_info >= MINIMUM_PYTHON:
        return RequirementStatus("Python", True, found, "required")
    wanted = ".".join(map(str, MINIMUM_PYTHON))
    return RequirementStatus(
        "Python", False, found, "required", f"install Python {wanted} or newer"
    )


def _check_system_part(
    part: Library | Tool, need: Literal["required", "optional"]
) -> RequirementStatus:
    if found := part.locate():
        return RequirementStatus(part.name, True, found, need)
    return RequirementStatus(part.name, False, "not found", need, _choose_system_remedy(part))


def _choose_system_remedy(part: Library | Tool) -> str:
    """Return this machine's command, or every command if it has no package manager we know."""
    commands = list_install_commands([part.packages])
    here = [command for program, command in commands.items() if shutil.which(program)]
    remedy = here[0] if here else " | ".join(commands.values())
    if sys.platform == "darwin" and isinstance(part, Library):
        # Homebrew's folder is not among those that the loader of every Python searches.
        remedy += '; if it is installed: export DYLD_FALLBACK_LIBRARY_PATH="$(brew --prefix)/lib"'
    return remedy


def _check_distributions() -> Iterable[RequirementStatus]:
    """Yield the Python packages that the installed metadata asks for, and the fonts in them."""
    from importlib import metadata  # slow to import, and nothing else here needs it

    try:
        requirements = metadata.requires(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        yield RequirementStatus(
            DISTRIBUTION,
            False,
            f"not installed for {sys.executable}",
            "required",
            "run `make setup` in the project's folder",
        )
        return
    for requirement in requirements:
        if ";" in requirement:  # an extra's; what everybody needs has no marker
            continue
        name, bounds = _split_requirement(requirement)
        yield _check_distribution(name, bounds)
        if name.startswith("fontpkg-"):
            yield _check_fonts(name)


def _check_distribution(name: str, bounds: str) -> RequirementStatus:
    from importlib import metadata

    remedy = f"{shlex.quote(sys.executable)} -m pip install {shlex.quote(name + bounds)}"
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        return RequirementStatus(name, False, "not installed", "required", remedy)
    if not _is_within_bounds(version, bounds):
        return RequirementStatus(
            name, False, f"{version}, but {bounds} is needed", "required", remedy
        )
    return RequirementStatus(name, True, version, "required")


def _check_fonts(name: str) -> RequirementStatus:
    """Look whether each font file of a package is there and may be embedded (SIL OFL)."""
    import csv
    from importlib import metadata

    title = f"font files of {name}"
    remedy = f"{shlex.quote(sys.executable)} -m pip install --force-reinstall {name}"
    try:
        distribution = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return RequirementStatus(title, False, "not installed", "required", remedy)
    # Read as it stands: `distribution.files` leaves out what is lost, from Python 3.12 on.
    record = csv.reader((distribution.read_text("RECORD") or "").splitlines())
    files = [path for path, *_ in record if path.endswith((".ttf", ".otf"))]
    lost = [path for path in files if not Path(str(distribution.locate_file(path))).is_file()]
    licences = distribution.metadata.get_all("License-Expression") or ["no licence"]
    if lost or not files:
        return RequirementStatus(
            title, False, f"missing: {', '.join(lost) or 'all'}", "required", remedy
        )
    if licences != ["OFL-1.1"]:
        return RequirementStatus(
            title, False, f"{licences[0]}, but OFL-1.1 is needed", "required", remedy
        )
    return RequirementStatus(title, True, f"{len(files)} files, {licences[0]}", "required")


def _split_requirement(requirement: str) -> tuple[str, str]:
    """Split `name >=1, <2` into its name and its bounds, without the spaces."""
    name = re.split("[ <>=]", requirement)[0]
    return name, requirement.removeprefix(name).replace(" ", "")


def _is_within_bounds(version: str, bounds: str) -> bool:
    """Return whether a version satisfies bounds such as `>=1.2,<2`.

    Only plain numbers with >=, < and == are understood (no PEP 440): pyproject.toml keeps to them.
    """
    compare = {">=": operator.ge, "<": operator.lt, "==": operator.eq}
    found = _parse_version(version)
    return all(
        compare[bound.rstrip("0123456789.")](found, _parse_version(bound.lstrip("<>=")))
        for bound in filter(None, bounds.split(","))
    )


def _parse_version(version: str) -> tuple[int, ...]:
    """Return the leading numbers of a version, without closing zeros: 70.0 is 70."""
    digits = re.match(r"\d+(?:\.\d+)*", version)
    numbers = [int(number) for number in digits[0].split(".")] if digits else []
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


if __name__ == "__main__":
    findings = examine_machine()
    print(format_requirements(findings))
    sys.exit(any(not finding.ok and finding.need == "required" for finding in findings))
