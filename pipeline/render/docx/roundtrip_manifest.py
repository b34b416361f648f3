"""What a DOCX has beside its words: the manifest that an editor's changes come back by.

A part of custom XML in a namespace of our own (ECMA-376 §22.5) holds it as JSON; README.md has
its keys. Programs give the part another number when they save: it is found by its namespace. The
custom properties (§22.3) repeat the edition's fingerprint, and that of the manifest itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final, cast

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.parts.document import DocumentPart
from docx.parts.story import StoryPart
from lxml import etree

from pipeline.document import markdown_writer
from pipeline.document.tree import Comment
from pipeline.project.editions import SCHEMAS
from pipeline.render.contract import RoundTripManifest, SourceValue
from pipeline.render.docx.anchors import Anchor, AnchorPiece
from pipeline.word.ooxml import W, XmlElement, w

SCHEMA: Final = SCHEMAS["docx"]
NAMESPACE: Final = "urn:briefpack:manifest"
ITEM: Final = "{6B9C5A0E-52C1-4B1F-9A57-0D6B72A9E3C1}"
"""The part's name among a file's custom XML (§22.5.2.1)."""
_DATASTORE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
_PROPERTIES: Final = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_TYPES: Final = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_USER_DEFINED: Final = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
"""The set of properties that people and programs may name (§22.3.2.2)."""


def embed_manifest(
    main: DocumentPart,
    roundtrip: RoundTripManifest | None,
    anchors: Sequence[Anchor],
    comments: Sequence[Comment],
) -> None:
    """Put the manifest and the properties into a package."""
    lines = _list_header_footer_lines(main)
    manifest = build_roundtrip_manifest(roundtrip, anchors, comments, lines)
    text = json.dumps(manifest, ensure_ascii=False, separators=(",", ":"))
    _add_manifest_part(main, text)
    properties = {"brief-schema": str(SCHEMA)}
    if roundtrip:
        properties |= {f"brief-{key}": roundtrip.identity[key] for key in ("article", "template")}
        properties["brief-edition"] = roundtrip.identity["edition"]
    properties["brief-manifest"] = hashlib.sha256(text.encode()).hexdigest()
    root = _make_custom_properties(properties)
    part = _make_part(main, "/docProps/custom.xml", CONTENT_TYPE.OFC_CUSTOM_PROPERTIES, root)
    main.package.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_PROPERTIES)


def _add_manifest_part(main: DocumentPart, text: str) -> None:
    root = etree.Element(f"{{{NAMESPACE}}}manifest", nsmap={"brief": NAMESPACE})
    root.set("schema", str(SCHEMA))
    root.text = text
    item = _make_part(main, "/customXml/item1.xml", CONTENT_TYPE.XML, root)
    properties = _make_part(
        main,
        "/customXml/itemProps1.xml",
        CONTENT_TYPE.OFC_CUSTOM_XML_PROPERTIES,
        _make_item_properties(),
    )
    item.relate_to(properties, RELATIONSHIP_TYPE.CUSTOM_XML_PROPS)
    main.relate_to(item, RELATIONSHIP_TYPE.CUSTOM_XML)


def track_changes(main: DocumentPart) -> None:
    """Have every change tracked from the first word on (§17.15.1.90)."""
    main.settings.element.find(f"{W}defaultTabStop").addprevious(w("trackRevisions"))


def build_roundtrip_manifest(
    roundtrip: RoundTripManifest | None,
    anchors: Iterable[Anchor],
    comments: Iterable[Comment],
    header_footer_lines: Sequence[str],
) -> Mapping[str, Any]:
    """Return what a brief's paragraphs are; of one that cannot be pulled, only that."""
    if roundtrip is None:
        return {"schema": SCHEMA, "pull": False}
    return {
        "schema": SCHEMA,
        "pull": True,
        **roundtrip.identity,
        "files": dict(roundtrip.files),
        "sources": {
            address: _encode_source(source) for address, source in sorted(roundtrip.sources.items())
        },
        "blocks": [_encode_block(anchor, roundtrip) for anchor in anchors],
        "comments": [{"text": comment.text, "at": comment.at} for comment in comments],
        "furniture": list(header_footer_lines),
    }


def _encode_source(source: SourceValue) -> Mapping[str, Any]:
    return {
        "file": source.file,
        "line": source.line,
        "markdown" if source.is_markdown else "text": source.text,
    }


def _encode_block(anchor: Anchor, roundtrip: RoundTripManifest) -> Mapping[str, Any]:
    pieces = []
    note = anchor.first_note
    for piece in anchor.pieces:
        pieces.append(_encode_piece(piece, note, roundtrip))
        note += piece.notes
    return {
        "anchor": anchor.name,
        "kind": anchor.kind,
        "style": anchor.style,
        **({"role": anchor.role} if anchor.role != anchor.style else {}),
        **({"in": anchor.within} if anchor.within else {}),
        **({"picture": asdict(anchor.picture)} if anchor.picture else {}),
        "pieces": pieces,
    }


def _encode_piece(
    piece: AnchorPiece, first_note: int, roundtrip: RoundTripManifest
) -> Mapping[str, Any]:
    encoded: dict[str, Any] = {"text": piece.text}
    origin = piece.origin
    if origin.source:
        encoded["address"] = origin.source
        source = roundtrip.sources.get(origin.source)
        if source and source.is_markdown:
            encoded["markdown"] = markdown_writer.write_inlines(piece.nodes, first_note)
    elif origin.is_computed:
        encoded["field"] = "computed"
    elif origin.at:
        file, _, line = origin.at.rpartition(":")
        encoded["template"] = f"{roundtrip.templates.get(file, file)}:{line}"
    if "markdown" not in encoded and (links := list(piece.links)):
        encoded["links"] = links
    return encoded


def _make_part(main: DocumentPart, name: str, content_type: str, root: XmlElement) -> Part:
    written = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
    return Part(PackURI(name), content_type, written, main.package)


def _make_item_properties() -> XmlElement:
    root = etree.Element(f"{{{_DATASTORE}}}datastoreItem", nsmap={"ds": _DATASTORE})
    root.set(f"{{{_DATASTORE}}}itemID", ITEM)
    references = etree.SubElement(root, f"{{{_DATASTORE}}}schemaRefs")
    etree.SubElement(references, f"{{{_DATASTORE}}}schemaRef").set(
        f"{{{_DATASTORE}}}uri", NAMESPACE
    )
    return root


def _make_custom_properties(values: Mapping[str, str]) -> XmlElement:
    root = etree.Element(f"{{{_PROPERTIES}}}Properties", nsmap={"op": _PROPERTIES, "vt": _TYPES})
    for number, (name, value) in enumerate(sorted(values.items()), 2):  # from 2 (§22.3.2.2)
        element = etree.SubElement(root, f"{{{_PROPERTIES}}}property")
        element.set("fmtid", _USER_DEFINED)
        element.set("pid", str(number))
        element.set("name", name)
        etree.SubElement(element, f"{{{_TYPES}}}lpwstr").text = value
    return root


def _list_header_footer_lines(main: DocumentPart) -> list[str]:
    """Return the lines that stand at the head and the foot of pages, each once."""
    kinds = (RELATIONSHIP_TYPE.HEADER, RELATIONSHIP_TYPE.FOOTER)
    parts = [cast(StoryPart, rel.target_part) for rel in main.rels.values() if rel.reltype in kinds]
    lines = (_read_words(line) for part in parts for line in part.element.iter(f"{W}p"))
    return sorted(set(filter(None, lines)))


def _read_words(paragraph: XmlElement) -> str:
    """Return a paragraph's words, without the results of its fields, which are no one's words."""
    words: list[str] = []
    depth = 0
    for element in paragraph.iter(f"{W}fldChar", f"{W}t"):
        if element.tag == f"{W}t":
            words.append("" if depth else element.text or "")
        else:
            depth += {"begin": 1, "end": -1}.get(element.get(f"{W}fldCharType", ""), 0)
    return "".join(words).strip()
