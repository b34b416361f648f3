"""The file around the words: our own base package, filled for a theme, and its zip."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from importlib import resources
from importlib.abc import Traversable
from io import BytesIO
from typing import Final

from docx.opc.constants import CONTENT_TYPE
from docx.opc.package import OpcPackage
from docx.opc.packuri import PACKAGE_URI
from docx.opc.part import Part
from lxml import etree

from pipeline.document.tree import Meta
from pipeline.look.theme import Theme
from pipeline.render.contract import EARLIEST
from pipeline.render.docx.scripts import list_languages
from pipeline.render.docx.style_properties import to_hex_colour
from pipeline.word.ooxml import NAMESPACES, XmlElement, w

_CORE: Final = {
    "cp": "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
_DAY: Final = date.fromisoformat(EARLIEST)
_PICTURES: Final = (".png", ".jpg", ".jpeg")
_TYPES: Final = "[Content_Types].xml"
_CONTENT_TYPES: Final = "http://schemas.openxmlformats.org/package/2006/content-types"


def fill_base_package(meta: Meta, theme: Theme) -> BytesIO:
    """Fill the base package with a document's properties and a theme's faces and colours."""
    parts = dict(_read_parts(resources.files(__package__).joinpath("base")))

    def fill(name: str) -> XmlElement:
        return trees.setdefault(name, etree.fromstring(parts[name], _PARSER))

    trees: dict[str, XmlElement] = {}
    _write_fonts(fill("word/fontTable.xml"), theme)
    _write_theme(fill("word/theme/theme1.xml"), theme)
    _write_core_properties(fill("docProps/core.xml"), meta)
    fill("docProps/app.xml")[0].text = meta.publisher
    for language in fill("word/settings.xml").iter(_add_namespace("themeFontLang")):
        for script, own in list_languages(meta.language).items():
            language.set(_add_namespace(script), own)
    parts |= {name: _serialise_tree(tree) for name, tree in trees.items()}
    return zip_parts(parts, parts.__getitem__)


def save_package(package: OpcPackage) -> bytes:
    """Pack a package so that the same parts are the same bytes, one part at a time."""
    parts: dict[str, Part] = {part.partname.membername: part for part in package.iter_parts()}
    related = {
        part.partname.rels_uri.membername: part.rels for part in parts.values() if len(part.rels)
    }
    related[PACKAGE_URI.rels_uri.membername] = package.rels

    def read(name: str) -> bytes:
        if name == _TYPES:
            return _write_content_types(parts)
        return related[name].xml if name in related else parts[name].blob

    return zip_parts((_TYPES, *related, *parts), read).getvalue()


def _write_content_types(parts: Mapping[str, Part]) -> bytes:
    """List of what type each part is: pictures by how their names end (OPC §7.2.3)."""
    endings = {"rels": CONTENT_TYPE.OPC_RELATIONSHIPS, "xml": CONTENT_TYPE.XML}
    types = etree.XML(f'<Types xmlns="{_CONTENT_TYPES}"/>')
    others = {}
    for name, part in sorted(parts.items()):
        if name.endswith(_PICTURES):
            endings[part.partname.ext] = part.content_type
        else:
            others[f"/{name}"] = part.content_type
    for ending, kind in sorted(endings.items()):
        etree.SubElement(types, f"{{{_CONTENT_TYPES}}}Default", Extension=ending, ContentType=kind)
    for name, kind in others.items():
        etree.SubElement(types, f"{{{_CONTENT_TYPES}}}Override", PartName=name, ContentType=kind)
    return _serialise_tree(types)


def zip_parts(names: Iterable[str], read: Callable[[str], bytes]) -> BytesIO:
    """Zip parts in one order, with one date and no trace of the machine (OPC §7.3).

    Each part is read when it is its turn, and pictures, which are packed already, stay so.
    """
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name in sorted(names, key=lambda name: (name != _TYPES, name)):
            entry = zipfile.ZipInfo(name, (_DAY.year, _DAY.month, _DAY.day, 0, 0, 0))
            is_picture = name.endswith(_PICTURES)
            entry.compress_type = zipfile.ZIP_STORED if is_picture else zipfile.ZIP_DEFLATED
            entry.create_system = 0
            package.writestr(entry, read(name))
    return packed


_PARSER: Final = etree.XMLParser(remove_blank_text=True, resolve_entities=False)


def _read_parts(folder: Traversable, path: str = "") -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in folder.iterdir():
        name = f"{path}{entry.name}"
        found += _read_parts(entry, f"{name}/") if entry.is_dir() else [(name, entry.read_bytes())]
    return found


def _serialise_tree(tree: XmlElement) -> bytes:
    return etree.tostring(tree, encoding="UTF-8", xml_declaration=True, standalone=True)


def _add_namespace(name: str) -> str:
    return f"{{{NAMESPACES['w']}}}{name}"


def _write_fonts(root: XmlElement, theme: Theme) -> None:
    """Write the faces, each with the one to take when it is missing (§17.8.3.1)."""
    for face in theme.faces:
        root.append(
            w(
                "font",
                w("altName", val=face.fallback),
                w("family", val="roman" if face.generic == "serif" else "swiss"),
                w("pitch", val="variable"),
                name=face.family,
            )
        )


def _write_theme(root: XmlElement, theme: Theme) -> None:
    """Put colours and faces in the place of their names."""
    families = {face.id: face.family for face in theme.faces}
    drawing = f"{{{NAMESPACES['a']}}}"
    for colour in root.iter(f"{drawing}srgbClr"):
        colour.set("val", to_hex_colour(theme, colour.get("val", "")))
    for latin in root.iter(f"{drawing}latin"):
        latin.set("typeface", families[latin.get("typeface", "")])


def _write_core_properties(root: XmlElement, meta: Meta) -> None:
    """Write the core properties (OPC §8); every date is the edition's."""

    def add(name: str, text: str, **attributes: str) -> None:
        if text:
            prefix, _, local = name.partition(":")
            added = etree.SubElement(root, f"{{{_CORE[prefix]}}}{local}", attributes)
            added.text = text

    moment = f"{meta.date}T00:00:00Z" if meta.date else ""
    w3c = {f"{{{_CORE['xsi']}}}type": "dcterms:W3CDTF"}
    add("dc:title", meta.title)
    add("dc:creator", "; ".join(meta.authors))
    add("dc:subject", meta.subject)
    add("cp:keywords", ", ".join(meta.keywords))
    add("dc:language", meta.language)
    add("dcterms:created", moment, **w3c)
    add("dcterms:modified", moment, **w3c)
