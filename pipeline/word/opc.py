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
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import Any, Final, NamedTuple

from lxml import etree

from pipeline.diagnostics import Location, Problems, make_problem
from pipeline.system.limits import DEFAULT_LIMITS, PackageLimits

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


@dataclass(frozen=True, slots=True, eq=False)
class Package:
    """The parts of a DOCX or DOTX, by names that are one in either case (OPC §6.2.2)."""

    name: str
    """What diagnostics call it."""
    limits: PackageLimits
    data: bytes = field(repr=False)
    archive: zipfile.ZipFile = field(repr=False)
    entries: Mapping[str, zipfile.ZipInfo] = field(repr=False)
    """Its parts by their names in lower case."""
    main: str = ""
    """The name of its main part."""
    content_type: str = ""
    """What the package says that the main part is."""

    @property
    def sha256(self) -> str:
        """The file's hash."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def has_macros(self) -> bool:
        """Whether it holds programs."""
        is_program = (name.endswith("vbaproject.bin") for name in self.entries)
        return "macroEnabled" in self.content_type or any(is_program)

    def report_bad_file(self, why: str) -> Problems:
        """Return the problem that the file is none that Word writes."""
        return _report_bad_file(self.name, why)

    def read_parts(self) -> dict[str, bytes]:
        """Return the bytes of all parts, by their names as the file writes them."""
        return {entry.filename: self.archive.read(entry) for entry in self.entries.values()}

    def read_data(self, name: str, most: int | None = None) -> bytes | None:
        """Return the bytes of a part; None if there is none.

        Raises Problems if it is larger than ``most``, which is by default the package's limit.
        """
        entry = self.entries.get(name.lstrip("/").lower())
        if entry is None:
            return None
        limit = self.limits.unpacked_bytes if most is None else most
        if entry.file_size > limit:
            what = f"holds `{name}`, which is over {limit // 1_000_000} MB"
            raise _report_too_large(self.name, what)
        return self.archive.read(entry)

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
        """Return a part's relations by id; those of the package itself have no part's name."""
        folder, file = posixpath.split(part)
        root = self.parse_part(posixpath.join(folder, "_rels", f"{file}.rels"))
        relations: dict[str, Relation] = {}
        for relation in root if root is not None else ():
            target = relation.get("Target", "")
            is_outside = relation.get("TargetMode") == "External"
            if not is_outside:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            kind = relation.get("Type", "").rpartition("/")[2]
            relations[relation.get("Id", "")] = Relation(kind, target, is_outside)
        return relations

    def follow_relation(self, relation: Relation) -> Any:
        """Parse the part that a relation leads to; raises Problems if the file does not hold it."""
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


def open_package(
    source: bytes | Path, name: str, limits: PackageLimits = DEFAULT_LIMITS.packages
) -> Package:
    """Open a DOCX or DOTX within ``limits``; diagnostics call it ``name``.

    Raises Problems: ``unreadable``, ``too-large``, ``encrypted-file``, ``bad-word-file``.
    """
    data = source if isinstance(source, bytes) else _read_file(source, name, limits)
    _check_file(data, name, limits)
    try:
        archive = zipfile.ZipFile(BytesIO(data))
        entries = _index_entries(archive.infolist(), name, limits)
        if damaged := archive.testzip():
            raise _report_bad_file(name, f"`{damaged}` is damaged")
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        ValueError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise _report_bad_file(name, str(error).partition("\n")[0]) from None
    package = Package(name, limits, data, archive, entries)
    main, content_type = _find_main_part(package)
    return replace(package, main=main, content_type=content_type)


def _read_file(path: Path, name: str, limits: PackageLimits) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(limits.file_bytes + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise make_problem(
            "unreadable",
            f"`{name}`: {reason}",
            Location(name),
            "name a Word file that is there and may be read",
        ) from None


def _check_file(data: bytes, name: str, limits: PackageLimits) -> None:
    """Raise Problems for what can be refused before the archive is opened."""
    if len(data) > limits.file_bytes:
        raise _report_too_large(name, f"is over {limits.file_bytes // 1_000_000} MB")
    if data.startswith(_COMPOUND):  # MS-CFB §2.2
        raise make_problem(
            "encrypted-file",
            "the file asks for a password, or is no DOCX but a DOC",
            Location(name),
            "save it as a DOCX without a password",
        )
    if data.count(_ENTRY) > 10 * limits.parts:  # each takes memory before it is looked at
        raise _report_too_many(name, limits)


def _index_entries(
    listed: Sequence[zipfile.ZipInfo], name: str, limits: PackageLimits
) -> Mapping[str, zipfile.ZipInfo]:
    """Return the parts by their names; they unpack to no more than they say (zip's CRC)."""
    if len(listed) > limits.parts:
        raise _report_too_many(name, limits)
    entries: dict[str, zipfile.ZipInfo] = {}
    for entry in listed:
        if entry.is_dir():
            continue
        key = entry.filename.lower()
        if fault := _find_entry_fault(entry, is_known=key in entries):
            raise _report_bad_file(name, fault)
        entries[key] = entry
    for most, ending, of in (
        (limits.unpacked_bytes, "", ""),
        (limits.xml_bytes, _XML, " of XML"),
    ):
        if sum(e.file_size for key, e in entries.items() if key.endswith(ending)) > most:
            raise _report_too_large(name, f"unpacks to over {most // 1_000_000:,} MB{of}")
    return entries


def _find_entry_fault(entry: zipfile.ZipInfo, is_known: bool) -> str:
    """Return why an entry of the archive cannot be a part; nothing if it can."""
    name = entry.filename
    if not name.isprintable() or "\\" in name or {"", ".", ".."} & {*name.split("/")}:
        return f"a part cannot be called `{name[:60]}`"
    if is_known:
        return f"it holds `{name[:60]}` twice"
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # OPC Annex B
        return f"`{name[:60]}` is packed in a way that Word does not know"
    return ""


def _find_main_part(package: Package) -> tuple[str, str]:
    """Return the main part's name, and the type that the package says it has (OPC §7.2.3)."""
    found = package.read_relations("").values()
    starts = (r.target for r in found if r.kind == "officeDocument" and not r.is_outside)
    entry = package.entries.get(next(starts, "").lower())
    if entry is None:
        raise package.report_bad_file("it has no main part")
    name, types = entry.filename, package.parse_part("[Content_Types].xml")
    listed = {
        (t.get("PartName") or f".{t.get('Extension')}").lower(): t.get("ContentType", "")
        for t in (types if types is not None else ())
    }
    suffix = posixpath.splitext(name)[1].lower()
    kind = listed.get(f"/{name.lower()}", listed.get(suffix, ""))
    if not _WORD.fullmatch(kind):
        raise package.report_bad_file("it is no Word document or template")
    return name, kind


def _report_bad_file(name: str, why: str) -> Problems:
    return make_problem(
        "bad-word-file",
        f"the Word file cannot be read: {why}",
        Location(name),
        "open it in Word and save it anew",
    )


def _report_too_large(name: str, what: str) -> Problems:
    return make_problem(
        "too-large",
        f"the Word file {what}",
        Location(name),
        "compress its pictures, or copy its words into a new one",
    )


def _report_too_many(name: str, limits: PackageLimits) -> Problems:
    return _report_too_large(name, f"has over {limits.parts:,} parts")
