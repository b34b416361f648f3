"""An editor's DOCX as a package of parts (ECMA-376-2), read within bounds.

Nothing of it is trusted: a part that unpacks without end, declares entities or is named as
no part may be is refused, and no relationship is ever followed out of the package.
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from lxml import etree

from pipeline.diagnostics import Location, Problems, problem

MOST_BYTES: Final = 200_000_000
MOST_XML: Final = 50_000_000
"""How many bytes a package may have, and how many its text may unpack to."""
MOST_PARTS: Final = 5_000
OFFICE: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_COMPOUND: Final = b"\xd0\xcf\x11\xe0"
_PARSER: Final = etree.XMLParser(
    resolve_entities=False,
    no_network=True,
    load_dtd=False,
    huge_tree=False,
    remove_comments=True,
    remove_pis=True,
)


class Package:
    """The parts of a DOCX."""

    def __init__(self, path: Path, name: str) -> None:
        """Open it; ``name`` is what diagnostics call it.

        Raises Problems: ``unreadable``, ``encrypted-file``, ``bad-word-file``.
        """
        self.name = name
        try:
            if path.stat().st_size > MOST_BYTES:
                raise self.bad(f"it has over {MOST_BYTES // 1_000_000} MB")
            with path.open("rb") as file:
                if file.read(4) == _COMPOUND:  # MS-CFB §2.2
                    raise problem(
                        "encrypted-file",
                        "the file asks for a password, or is no DOCX but a DOC",
                        Location(name),
                        "save it as a DOCX without a password",
                    )
            with zipfile.ZipFile(path) as package:
                self._parts = self._read(package)
        except OSError as error:
            reason = error.strerror or str(error)
            raise problem("unreadable", f"`{path.name}`: {reason}", Location(name)) from None
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            ValueError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            raise self.bad(str(error).partition("\n")[0]) from None
        self.main = self._main()

    def bad(self, why: str) -> Problems:
        """Say that the file is none that Word writes."""
        return problem(
            "bad-word-file",
            f"the Word file cannot be read: {why}",
            Location(self.name),
            "open it in Word and save it anew",
        )

    def _read(self, package: zipfile.ZipFile) -> Mapping[str, bytes]:
        listed = [part for part in package.infolist() if not part.is_dir()]
        if len(listed) > MOST_PARTS:
            raise self.bad(f"it has {len(listed)} parts")
        read: dict[str, bytes] = {}
        left = MOST_XML
        for part in listed:
            steps = part.filename.split("/")
            if (
                not part.filename.isprintable()
                or "\\" in part.filename
                or {"", ".", ".."} & {*steps}
            ):
                raise self.bad(f"a part cannot be called `{part.filename[:60]}`")
            if part.filename.lower() in read:  # parts' names are one in either case (OPC §6.2.2)
                raise self.bad(f"it holds `{part.filename[:60]}` twice")
            if part.filename.endswith((".xml", ".rels")):
                with package.open(part) as file:
                    data = file.read(left + 1)
                left -= len(data)
                if left < 0:
                    raise self.bad(f"it unpacks to over {MOST_XML // 1_000_000} MB of text")
                read[part.filename.lower()] = data
        return read

    def part(self, name: str) -> Any | None:
        """Parse a part; None if there is none. Raises Problems for one that is damaged."""
        data = self._parts.get(name.lstrip("/").lower())
        if data is None:
            return None
        try:
            root = etree.fromstring(data, _PARSER)
        except etree.XMLSyntaxError as error:
            raise self.bad(f"`{name}` is damaged: {error.msg}") from None
        about: Any = root.getroottree().docinfo
        if about.doctype:
            raise self.bad(f"`{name}` declares a document type, which no part may (OPC §7.2)")
        return root

    def names(self) -> tuple[str, ...]:
        """Name the parts that hold text, in lower case."""
        return tuple(self._parts)

    def _main(self) -> str:
        root = self.part("_rels/.rels")
        for relation in root if root is not None else ():
            inside = relation.get("TargetMode") != "External"
            if inside and relation.get("Type", "").endswith("/officeDocument"):
                return str(relation.get("Target", "")).lstrip("/")
        raise self.bad("it has no main part")

    def relations(self, part: str) -> Mapping[str, tuple[str, str, bool]]:
        """Give a part's relationships by id: the kind, the target, and whether it is outside."""
        folder, file = posixpath.split(part)
        root = self.part(f"{folder}/_rels/{file}.rels")
        made: dict[str, tuple[str, str, bool]] = {}
        for relation in root if root is not None else ():
            target = relation.get("Target", "")
            outside = relation.get("TargetMode") == "External"
            if not outside:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            kind = relation.get("Type", "").rpartition("/")[2]
            made[relation.get("Id", "")] = (kind, target, outside)
        return made

    def beside(self, kind: str) -> Any | None:
        """Parse the part that the main one is related to as a kind: ``styles``, ``footnotes``."""
        for found, target, outside in self.relations(self.main).values():
            if found == kind and not outside:
                return self.part(target)
        return None
