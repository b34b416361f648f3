"""What the words of one DOCX need in another: lists, styles, footnotes, pictures, links."""

from __future__ import annotations

import copy
import posixpath
from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any, Final

from lxml import etree

from pipeline.diagnostics import Location, make_problem
from pipeline.review.redline.runs import EMBED, DocxPart
from pipeline.word.ooxml import NAMESPACES, OFFICE, W, XmlElement

_LINK: Final = f"{NAMESPACES['r']}/hyperlink"
_IMAGE: Final = f"{NAMESPACES['r']}/image"
_RELATIONS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_CONTENT: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
_TYPES: Final = "[Content_Types].xml"
_DEFINITION: Final = f"{W}abstractNum"
_STYLE: Final = f"{W}styleId"
_ABSTRACT: Final = f"{W}abstractNumId"


class PartCopier:
    """Puts into the newer file what words of the older one need there."""

    def __init__(self, old: DocxPart, new: DocxPart) -> None:
        self.old, self.new = old, new
        self.changed: dict[str, Any] = {}
        """The parts of the newer file that have something new, by name."""
        self.copied: dict[str, str] = {}
        """The older file's footnotes by their ids, and what they are called in the newer."""
        self.picture_ids = count(200_001)

    def copy_definitions(self) -> None:
        """Copy the lists and the styles, which any word may need.

        The older file's words are changed to name the numbers that their lists have in the newer.
        """
        self.copy_styles(self.copy_lists())

    def open_part(self, kind: str) -> Any | None:
        """Return the newer file's part of a kind, to be written anew."""
        for relation, root in self.new.package.iterate_related(kind):
            self.changed[relation.target] = root
            return root
        return None

    def copy_lists(self) -> Mapping[str, str]:
        """Give the newer file the lists of the older one that it has not; return their numbers.

        The same number may be a list of bullets in one file and of figures in the other.
        """
        old, new = self.old.package.parse_related("numbering"), self.open_part("numbering")
        if old is None or new is None:
            return {}
        known, definitions = read_lists(new), {d.get(_ABSTRACT): d for d in old.iter(_DEFINITION)}
        bases: dict[str, str] = {}
        names: dict[str, str] = {}
        for name, (number, content) in read_lists(old).items():
            if name in known and known[name][1] == content:
                continue
            base = number.find(f"{W}abstractNumId").get(f"{W}val")
            if base not in bases:
                bases[base] = _find_next_number(new, _DEFINITION, _ABSTRACT)
                new.insert(0, _copy_definition(definitions[base], bases[base]))
            names[name] = _find_next_number(new, f"{W}num", f"{W}numId")
            copied = copy.deepcopy(number)
            copied.set(f"{W}numId", names[name])
            copied.find(f"{W}abstractNumId").set(f"{W}val", bases[base])
            new.append(copied)
        _renumber_lists(self.old.root, names)
        return names

    def copy_styles(self, numbers: Mapping[str, str]) -> None:
        """Give the newer file the styles of the older one that it has not."""
        old, new = self.old.package.parse_related("styles"), self.open_part("styles")
        if old is None or new is None:
            return
        known = {style.get(_STYLE) for style in new.iter(f"{W}style")}
        for style in old.iter(f"{W}style"):
            if style.get(_STYLE) not in known:
                copied = copy.deepcopy(style)
                copied.attrib.pop(f"{W}default", None)
                _renumber_lists(copied, numbers)
                new.append(copied)

    def copy_note(self, id: str) -> str:
        """Put a footnote of the older file into the newer one; return its id there."""
        if id not in self.copied:
            if not self.new.notes:
                raise make_problem(
                    "not-redlined",
                    "a footnote went, and the newer file has no place for footnotes",
                    Location(self.new.package.name),
                    "put a footnote into it, or compare the two files in Word",
                )
            root = next(iter(self.new.notes.values())).getparent()
            number = str(max(int(note.get(f"{W}id")) for note in root) + 1)
            note = copy.deepcopy(self.old.notes[id])
            note.set(f"{W}id", number)
            for bookmark in list(note.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd")):
                bookmark.getparent().remove(bookmark)
            links = self.old.open_part(self.old.notes_part).links
            for link in note.iter(f"{W}hyperlink"):
                href = links.get(link.get(f"{OFFICE}id", ""))
                if href:
                    link.set(f"{OFFICE}id", self.ensure_relation(self.new.notes_part, href))
            root.append(note)
            self.changed[self.new.notes_part] = root
            self.copied[id] = number
        return self.copied[id]

    def copy_pictures(self, nodes: Iterable[XmlElement], old: DocxPart, new: DocxPart) -> None:
        """Put what pictures in a part of the older file show into one of the newer."""
        for node in nodes:
            for shown in node.iter("{*}blip"):
                name = old.pictures.get(shown.get(EMBED, ""), "")
                if name:
                    target = f"media/old-{posixpath.basename(name)}"
                    folder = posixpath.dirname(new.part)
                    self.new.parts[posixpath.join(folder, target)] = old.parts[name]
                    self.declare_type(posixpath.splitext(target)[1][1:].lower())
                    shown.set(EMBED, self.ensure_relation(new.part, target, _IMAGE))
            for named in node.iter("{*}docPr"):
                named.set("id", str(next(self.picture_ids)))

    def declare_type(self, ending: str) -> None:
        """Declare what pictures with an ending are (ECMA-376-2 §7.2.3)."""
        types: Any = etree.fromstring(self.new.parts[_TYPES])
        if any(kind.get("Extension", "").lower() == ending for kind in types):
            return
        kind = etree.Element(f"{{{_CONTENT}}}Default", nsmap=types.nsmap)
        kind.set("Extension", ending)
        kind.set("ContentType", f"image/{'jpeg' if ending == 'jpg' else ending}")
        types.insert(0, kind)
        self.new.parts[_TYPES] = etree.tostring(
            types, encoding="UTF-8", xml_declaration=True, standalone=True
        )

    def ensure_relation(self, part: str, target: str, kind: str = _LINK) -> str:
        """Return the id of a part's relationship, made if there is none; a link's leads outside."""
        folder, file = posixpath.split(part)
        name = f"{folder}/_rels/{file}.rels"
        root: Any = self.changed.get(name)
        if root is None:
            root = self.new.package.parse_part(name)
            if root is None:
                root = etree.fromstring(f'<Relationships xmlns="{_RELATIONS}"/>')
            self.changed[name] = root
        for relation in root:
            if (relation.get("Type"), relation.get("Target")) == (kind, target):
                return str(relation.get("Id"))
        id = f"rIdR{len(root) + 1}"
        mode = {"TargetMode": "External"} if kind == _LINK else {}
        etree.SubElement(
            root,
            f"{{{_RELATIONS}}}Relationship",
            {"Id": id, "Type": kind, "Target": target, **mode},
        )
        return id


def read_lists(numbering: Any) -> dict[str, tuple[Any, bytes]]:
    """Return the lists of a numbering part by their numbers, each with what it consists of."""
    definitions = {
        definition.get(_ABSTRACT): etree.tostring(_copy_definition(definition, ""))
        for definition in numbering.iter(_DEFINITION)
    }
    found: dict[str, tuple[Any, bytes]] = {}
    for number in numbering.iter(f"{W}num"):
        base = number.find(f"{W}abstractNumId")
        if base is not None and base.get(f"{W}val") in definitions:
            content = [definitions[base.get(f"{W}val")], *map(etree.tostring, number[1:])]
            found[number.get(f"{W}numId")] = number, b"".join(content)
    return found


def _copy_definition(definition: XmlElement, name: str) -> Any:
    """Copy a list's definition under another number; the styles stay with the one they have."""
    copied: Any = copy.deepcopy(definition)
    copied.set(_ABSTRACT, name)
    for own in [*copied.iter(f"{W}nsid"), *copied.iter(f"{W}pStyle")]:
        own.getparent().remove(own)
    return copied


def _find_next_number(numbering: XmlElement, tag: str, key: str) -> str:
    return str(max((int(used.get(key, "0")) for used in numbering.iter(tag)), default=0) + 1)


def _renumber_lists(root: XmlElement, numbers: Mapping[str, str]) -> None:
    """Call lists by the numbers that they have in the newer file."""
    for use in root.iter(f"{W}numId"):
        was = use.get(f"{W}val", "")
        use.set(f"{W}val", numbers.get(was, was))
