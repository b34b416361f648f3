"""A Word file that somebody else made: a package of parts (ECMA-376-2, OPC), opened within bounds.

Nothing of it is trusted. What unpacks without end, is damaged, declares entities or has parts named
as none may be is refused before a part of it is parsed, and no relation is followed out of it.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, Final, NamedTuple

from lxml import etree

from pipeline.diagnostics import Location, Problems, make_problem

MOST_BYTES: Final = 512_000_000
"""How large a file may be: Word opens none that is larger."""
MOST_UNPACKED: Final = 1_000_000_000
MOST_XML: Final = 50_000_000
"""How many bytes it may unpack to: all of it, and its XML."""
MOST_PARTS: Final = 5_000

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
OFFICE: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_COMPOUND: Final = b"\xd0\xcf\x11\xe0"
_ENTRY: Final = b"PK\x01\x02"
_XML: Final = (".xml", ".rels")
_WORD: Final = re.compile(
    r"application/vnd\.(openxmlformats-officedocument\.wordprocessingml\.(document|template)"
    r"|ms-word\.(document|template)\.macroEnabled(Template)?)\.main\+xml"
)
_PARSER: Final = etree.XMLParser(
    resolve_entities=False,
    no_network=True,
    load_dtd=False,
    huge_tree=False,
    remove_comments=True,
    remove_pis=True,
)


class Relation(NamedTuple):
    """A relation of a part (OPC §6.5)."""

    kind: str
    """Its type, without the address before it: ``styles``, ``hyperlink``."""
    target: str
    """The name of the part that it leads to, or an address outside."""
    is_outside: bool


class Package:
    """The parts of a DOCX or DOTX, by names that are one in either case (OPC §6.2.2)."""

    def __init__(self, source: bytes | Path, name: str) -> None:
        """Open it; ``name`` is what diagnostics call it.

        Raises Problems: ``unreadable``, ``too-large``, ``encrypted-file``, ``bad-word-file``.
        """
        self.name = name
        self._data = source if isinstance(source, bytes) else self._read_file(source)
        if len(self._data) > MOST_BYTES:
            raise self._report_too_large(f"is over {MOST_BYTES // 1_000_000} MB")
        if self._data.startswith(_COMPOUND):  # MS-CFB §2.2
            raise make_problem(
                "encrypted-file",
                "the file asks for a password, or is no DOCX but a DOC",
                Location(name),
                "save it as a DOCX without a password",
            )
        if self._data.count(_ENTRY) > 10 * MOST_PARTS:  # each takes memory before it is looked at
            raise self._report_too_many()
        try:
            self._zip = zipfile.ZipFile(BytesIO(self._data))
            self._parts = self._index_parts(self._zip.infolist())
            if damaged := self._zip.testzip():
                raise self.report_bad_file(f"`{damaged}` is damaged")
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            ValueError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            raise self.report_bad_file(str(error).partition("\n")[0]) from None
        self.main, self._content_type = self._find_main_part()

    @property
    def sha256(self) -> str:
        """The file's hash."""
        return hashlib.sha256(self._data).hexdigest()

    @property
    def has_macros(self) -> bool:
        """Whether it holds programs."""
        is_program = (name.endswith("vbaproject.bin") for name in self._parts)
        return "macroEnabled" in self._content_type or any(is_program)

    def report_bad_file(self, why: str) -> Problems:
        """Say that the file is none that Word writes."""
        return make_problem(
            "bad-word-file",
            f"the Word file cannot be read: {why}",
            Location(self.name),
            "open it in Word and save it anew",
        )

    def read_parts(self) -> dict[str, bytes]:
        """Give the bytes of all parts, by their names as the file writes them."""
        return {part.filename: self._zip.read(part) for part in self._parts.values()}

    def read_data(self, name: str, most: int = MOST_UNPACKED) -> bytes | None:
        """Give the bytes of a part, ``most`` at most; None if there is none."""
        held = self._parts.get(name.lstrip("/").lower())
        if held is not None and held.file_size > most:
            raise self._report_too_large(f"holds `{name}`, which is over {most // 1_000_000} MB")
        return None if held is None else self._zip.read(held)

    def parse_part(self, name: str) -> Any | None:
        """Parse a part; None if there is none. Raises Problems for one that is damaged."""
        data = self.read_data(name) if name.lower().endswith(_XML) else None
        if data is None:
            return None
        try:
            root = etree.fromstring(data, _PARSER)
        except etree.XMLSyntaxError as error:
            raise self.report_bad_file(f"`{name}` is damaged: {error.msg}") from None
        about: Any = root.getroottree().docinfo
        if about.doctype:
            raise self.report_bad_file(
                f"`{name}` declares a document type, which no part may (OPC §7.2)"
            )
        return root

    def read_relations(self, part: str) -> Mapping[str, Relation]:
        """Give a part's relations by id; those of the package itself have no part's name."""
        folder, file = posixpath.split(part)
        root = self.parse_part(posixpath.join(folder, "_rels", f"{file}.rels"))
        made: dict[str, Relation] = {}
        for relation in root if root is not None else ():
            target = relation.get("Target", "")
            is_outside = relation.get("TargetMode") == "External"
            if not is_outside:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            kind = relation.get("Type", "").rpartition("/")[2]
            made[relation.get("Id", "")] = Relation(kind, target, is_outside)
        return made

    def follow_relation(self, relation: Relation) -> Any:
        """Parse the part that a relation leads to; raises Problems if the file has it not."""
        root = None if relation.is_outside else self.parse_part(relation.target)
        if root is None:
            raise self.report_bad_file(f"it leads to `{relation.target}`, which it does not hold")
        return root

    def parse_document(self) -> Any:
        """Parse the main part."""
        return self.follow_relation(Relation("officeDocument", self.main, False))

    def iterate_related(self, *kinds: str, of: str | None = None) -> Iterator[tuple[Relation, Any]]:
        """Parse the parts that one is related to as some kinds; without ``of``, the main one.

        A relation to a part that is not there is passed over: programs that take parts out
        leave it behind.
        """
        for relation in self.read_relations(self.main if of is None else of).values():
            if relation.kind in kinds and not relation.is_outside:
                root = self.parse_part(relation.target)
                if root is not None:
                    yield relation, root

    def parse_related(self, kind: str, of: str | None = None) -> Any | None:
        """Parse the first of them: ``styles``, ``comments``; None if there is none."""
        return next((root for _, root in self.iterate_related(kind, of=of)), None)

    # --- opening --------------------------------------------------------------------------

    def _read_file(self, path: Path) -> bytes:
        try:
            with path.open("rb") as file:
                return file.read(MOST_BYTES + 1)
        except OSError as error:
            reason = error.strerror or str(error)
            raise make_problem(
                "unreadable",
                f"`{self.name}`: {reason}",
                Location(self.name),
                "name a Word file that is there and may be read",
            ) from None

    def _report_too_large(self, what: str) -> Problems:
        return make_problem(
            "too-large",
            f"the Word file {what}",
            Location(self.name),
            "compress its pictures, or copy its words into a new one",
        )

    def _report_too_many(self) -> Problems:
        return self._report_too_large(f"has over {MOST_PARTS:,} parts")

    def _index_parts(self, listed: Sequence[zipfile.ZipInfo]) -> Mapping[str, zipfile.ZipInfo]:
        """Give the parts by their names; they unpack to no more than they say (zip's CRC)."""
        if len(listed) > MOST_PARTS:
            raise self._report_too_many()
        held: dict[str, zipfile.ZipInfo] = {}
        for part in listed:
            name = part.filename
            if part.is_dir():
                continue
            if not name.isprintable() or "\\" in name or {"", ".", ".."} & {*name.split("/")}:
                raise self.report_bad_file(f"a part cannot be called `{name[:60]}`")
            if name.lower() in held:
                raise self.report_bad_file(f"it holds `{name[:60]}` twice")
            if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # OPC Annex B
                raise self.report_bad_file(
                    f"`{name[:60]}` is packed in a way that Word does not know"
                )
            held[name.lower()] = part
        for most, names, of in ((MOST_UNPACKED, "", ""), (MOST_XML, _XML, " of XML")):
            if sum(p.file_size for name, p in held.items() if name.endswith(names)) > most:
                raise self._report_too_large(f"unpacks to over {most // 1_000_000:,} MB{of}")
        return held

    def _find_main_part(self) -> tuple[str, str]:
        """Find the main part, and the type that the package says it has (OPC §7.2.3)."""
        found = self.read_relations("").values()
        starts = (r.target for r in found if r.kind == "officeDocument" and not r.is_outside)
        held = self._parts.get(next(starts, "").lower())
        if held is None:
            raise self.report_bad_file("it has no main part")
        name, types = held.filename, self.parse_part("[Content_Types].xml")
        says = {
            (t.get("PartName") or f".{t.get('Extension')}").lower(): t.get("ContentType", "")
            for t in (types if types is not None else ())
        }
        suffix = posixpath.splitext(name)[1].lower()
        kind = says.get(f"/{name.lower()}", says.get(suffix, ""))
        if not _WORD.fullmatch(kind):
            raise self.report_bad_file("it is no Word document or template")
        return name, kind
