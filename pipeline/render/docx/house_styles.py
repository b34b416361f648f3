"""A DOCX in the look of a house: styles, page, headers and footers of its own Word template.

A style of ours is the house's where that has one of the same name, or of a name in
``STYLE_ALIASES``; ours goes in among the others where it has none. Words, order, anchors and
roles stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from itertools import chain, count
from typing import Any, Final, TypeAlias

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part, XmlPart
from docx.oxml.parser import parse_xml
from docx.parts.document import DocumentPart
from docx.parts.story import StoryPart
from lxml import etree

from pipeline.diagnostics import Diagnostic, Location, Severity
from pipeline.render.docx.character_styles import CHARACTERS
from pipeline.render.docx.headers_footers import PAGE_PARTS
from pipeline.render.docx.page_measures import PageMeasures
from pipeline.render.docx.paragraph_styles import PARAGRAPHS
from pipeline.render.docx.table_styles import TABLES
from pipeline.word.house_template import HouseTemplate, PagePart
from pipeline.word.letterhead import FIELDS
from pipeline.word.ooxml import NAMESPACES, W, XmlElement, w

STYLE_ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "Standfirst": ("Subtitle", "Abstract", "Summary"),
    "Strip": ("Kicker", "Overline"),
    "Cover Strip": ("Strip", "Kicker", "Overline"),
    "Byline": ("Author", "Authors"),
    "Lead": ("Heading 4",),
    "Expert Name": ("Heading 3",),
    "Definition": ("Body Text",),
    "Box Title": ("Heading 4",),
    "Box Text": ("Body Text",),
    "Attribution": ("Quote Source",),
    "Table Text": ("Table Body",),
    "Table Heading": ("Table Header", "Table Head"),
    "Table Row Heading": ("Table Heading", "Table Header"),
    "Takeaways": ("List Number",),
    "Options": ("List Bullet",),
    "Sources": ("Bibliography", "List Number"),
    "Brief Table": ("Table Grid",),
    "Matrix": ("Brief Table", "Table Grid"),
    "Facts": ("Brief Table", "Table Grid"),
    "Body Text": ("Normal",),
}
"""The names that a style of ours may have in a house's template, after its own, best first."""

TEMPLATE_STYLE_IDS: Final = frozenset(
    {style.id for style in PARAGRAPHS if style.chosen or not style.custom}
    | {style.id for style in CHARACTERS}
    | {style.id for style in TABLES}
)
"""The ids of styles that a house may have; the others are made for one place."""

MarkingWriter: TypeAlias = Callable[[], XmlElement]

_USES: Final = {"pStyle": "paragraph", "rStyle": "character", "tblStyle": "table"}
_BEFORE_NUMBER: Final = ("pStyle", "keepNext", "keepLines", "pageBreakBefore", "widowControl")
"""What stands before a number among a paragraph's properties here (CT_PPrBase, §17.3.1.26)."""
_R: Final = f"{{{NAMESPACES['r']}}}"


def measure_house_page(template: HouseTemplate, paper: PageMeasures) -> PageMeasures:
    """Measure the house's page; without one, it is the theme's. There is no rail on it."""
    given = {**template.size, **template.margins}
    if not given.keys() - {"orient"}:
        return replace(paper, column=0)
    sides = {name: int(value) for name, value in given.items() if name != "orient"}
    return PageMeasures(
        width=sides["w"],
        height=sides["h"],
        top=abs(sides["top"]),
        bottom=abs(sides["bottom"]),
        outer=sides["right"],
        inner=sides["left"] + sides.get("gutter", 0),
        column=0,
    )


class HouseStyles:
    """A house's template, on its way into a package."""

    def __init__(
        self, main: DocumentPart, template: HouseTemplate, marking: MarkingWriter | None
    ) -> None:
        """``main`` is finished but for this; ``marking`` writes the line of a marking, if any."""
        self._marking = marking
        self._main = main
        self._template = template
        self._ours = main.styles.element
        self._theirs = parse_xml(template.styles)
        self.ids: dict[str, str] = {}
        """Our styles' ids, each with the house's; all kinds of style share the ids."""
        self.missing: list[XmlElement] = []
        """The styles of ours that are used, and that the house has not."""

    def _iterate_style_uses(self) -> Iterator[XmlElement]:
        """Return what names a style: in paragraphs, runs and tables of every part."""
        others = [RELATIONSHIP_TYPE.STYLES, RELATIONSHIP_TYPE.NUMBERING]
        if self._template.parts:  # the house's come instead
            others += [RELATIONSHIP_TYPE.HEADER, RELATIONSHIP_TYPE.FOOTER]
        apart = [r.target_part for r in self._main.rels.values() if r.reltype in others]
        for part in self._iterate_parts():
            if part not in apart:
                yield from _list_style_uses(part.element)

    def _iterate_parts(self) -> Iterator[XmlPart]:
        return (p for p in self._main.package.iter_parts() if isinstance(p, XmlPart))

    def _match_styles(self) -> None:
        marked = _list_style_uses(self._marking()) if self._marking else ()
        used = {(use.tag, use.get(f"{W}val")) for use in (*self._iterate_style_uses(), *marked)}
        by_name = dict(_iterate_named_styles(self._theirs))
        taken = {style.get(f"{W}styleId", "") for style in self._theirs.iter(f"{W}style")}
        for (kind, name), style in _iterate_named_styles(self._ours):
            id = style.get(f"{W}styleId", "")
            also = (other.lower() for other in STYLE_ALIASES.get(_read_style_name(style), ()))
            found = next(
                (by_name[kind, each] for each in (name, *also) if (kind, each) in by_name), None
            )
            if found is not None:
                self.ids[id] = found.get(f"{W}styleId", "")
            elif any(val == id and _USES[tag.removeprefix(W)] == kind for tag, val in used):
                self.missing.append(style)
                self.ids[id] = f"Brief{id}" if id in taken else id

    def apply_template(self) -> list[Diagnostic]:
        """Put styles, theme, page, headers and footers in; report which styles are ours."""
        self._match_styles()
        self._number_paragraphs()
        for use in self._iterate_style_uses():
            self._rename_use(use)
        missing = [
            _read_style_name(style)
            for style in self.missing
            if style.get(f"{W}styleId") in TEMPLATE_STYLE_IDS
        ]
        for style in self.missing:
            self._adopt_style(style)
        self._theirs.extend(self.missing)
        self._replace_part(RELATIONSHIP_TYPE.STYLES, etree.tostring(self._theirs))
        self._replace_part(RELATIONSHIP_TYPE.THEME, self._template.theme)
        self._replace_part(RELATIONSHIP_TYPE.FONT_TABLE, self._template.fonts)
        self._apply_pages()
        return [*self._report_missing(missing), *self._report_left_out()]

    def _report_missing(self, names: Sequence[str]) -> Iterator[Diagnostic]:
        """Report which styles are ours, all of them at once."""
        if not names:
            return
        several = len(names) > 1
        known = [
            f"{_quote_names(STYLE_ALIASES[name])} for `{name}`"
            for name in names
            if name in STYLE_ALIASES
        ]
        yield Diagnostic(
            "reference-style",
            f"the Word template has no style{'s'[:several]} {_quote_names(names)}: "
            f"{'ours are' if several else 'ours is'} taken",
            Location(self._template.name),
            f"call {'styles of it so' if several else 'one of its styles so'}"
            + (f"; also known: {'; '.join(known)}" if known else ""),
            Severity.WARNING,
        )

    def _report_left_out(self) -> Iterator[Diagnostic]:
        """Report what is in its headers and footers that cannot be taken, of each kind once."""
        for kind in PAGE_PARTS:
            parts = [part for part in self._template.parts if part.kind == kind]
            left_out = dict.fromkeys(what for part in parts for what in part.left_out)
            if left_out:
                yield Diagnostic(
                    "reference-left-out",
                    f"left out of the Word template's {kind}: {', '.join(left_out)}",
                    Location(self._template.name),
                    "words, tables, embedded PNG and JPEG pictures, and the fields "
                    f"{', '.join(sorted(FIELDS))} can be taken",
                    Severity.WARNING,
                )

    def _rename_use(self, use: XmlElement) -> None:
        use.set(f"{W}val", self.ids.get(use.get(f"{W}val", ""), use.get(f"{W}val", "")))

    def _number_paragraphs(self) -> None:
        """Number paragraphs outright: a house's list styles have no number of ours."""
        numbers = {
            style.get(f"{W}styleId"): number
            for style in self._ours.iter(f"{W}style")
            for number in style.iter(f"{W}numPr")
        }
        for use in list(self._iterate_style_uses()):
            properties: Any = use.getparent()
            number = numbers.get(use.get(f"{W}val"))
            if number is not None and properties.find(f"{W}numPr") is None:
                before = [f"{W}{tag}" for tag in _BEFORE_NUMBER]
                place = sum(each.tag in before for each in properties)
                properties.insert(place, deepcopy(number))
        for level in list(self._main.numbering_part.element.iter(f"{W}pStyle")):
            level.getparent().remove(level)

    def _adopt_style(self, style: XmlElement) -> None:
        """Let a style of ours stand on the house's."""
        style.set(f"{W}styleId", self.ids[style.get(f"{W}styleId", "")])
        for tag in ("basedOn", "next", "link"):
            for relative in style.findall(f"{W}{tag}"):
                known = self.ids.get(relative.get(f"{W}val", ""))
                if known:
                    relative.set(f"{W}val", known)
                else:
                    style.remove(relative)

    def _replace_part(self, kind: str, data: bytes) -> None:
        if not data:
            return
        (id,) = [id for id, rel in self._main.rels.items() if rel.reltype == kind]
        before = self._main.rels.pop(id).target_part
        part = Part(before.partname, before.content_type, data, self._main.package)
        self._main.relate_to(part, kind)

    # --- pages ----------------------------------------------------------------------------

    def _apply_pages(self) -> None:
        template = self._template
        sections = list(self._main.element.iter(f"{W}sectPr"))
        for section in sections:
            for tag, measures in (("pgSz", template.size), ("pgMar", template.margins)):
                for element in section.findall(f"{W}{tag}") if measures else ():
                    element.attrib.clear()
                    for name, value in measures.items():
                        element.set(f"{W}{name}", value)
        settings: Any = self._main.settings.element
        toggles = {"mirrorMargins": template.mirrored}
        if template.parts:
            self._replace_headers_footers(sections)
            toggles["evenAndOddHeaders"] = template.has_even
        for tag, holds in toggles.items():
            settings.find(f"{W}{tag}").set(f"{W}val", str(int(holds)))

    def _replace_headers_footers(self, sections: list[XmlElement]) -> None:
        """Put the house's headers and footers in the place of ours; the marking stays."""
        for section in sections:
            for reference in list(section):
                if reference.tag in (f"{W}headerReference", f"{W}footerReference"):
                    self._main.rels.pop(reference.get(f"{_R}id", ""), None)
                    section.remove(reference)
                elif reference.tag == f"{W}titlePg":
                    section.remove(reference)
        drawn = (part.element.iter("{*}docPr") for part in self._iterate_parts())
        drawings = count(1 + sum(1 for _ in chain.from_iterable(drawn)))
        shown = [
            self._add_part(number, part, drawings)
            for number, part in enumerate(self._iterate_page_parts(), 1)
        ]
        sections[0][:0] = shown
        if self._template.has_first:
            sections[0].append(w("titlePg"))

    def _iterate_page_parts(self) -> Iterator[PagePart]:
        """Return the house's headers and footers; for a marking, some on every page."""
        given = {(part.kind, part.pages): part for part in self._template.parts}
        yield from given.values()
        if self._marking:
            pages = {"default": True, "first": self._template.has_first,
                     "even": self._template.has_even}  # fmt: skip
            for kind, (tag, *_) in PAGE_PARTS.items():
                for name in (name for name, are_apart in pages.items() if are_apart):
                    if (kind, name) not in given:
                        xml = etree.tostring(w(tag, w("p")))
                        yield PagePart(kind=kind, pages=name, xml=xml, images={})

    def _add_part(self, number: int, part: PagePart, drawings: Iterator[int]) -> XmlElement:
        """Put a header or a footer into the package; ``drawings`` are the next numbers of these."""
        _, content_type, relation = PAGE_PARTS[part.kind]
        name = PackURI(f"/word/house{number}.xml")
        added = StoryPart(name, content_type, parse_xml(part.xml), self._main.package)
        for drawing in added.element.iter("{*}docPr"):
            drawing.set("id", str(next(drawings)))
        if self._marking:
            line = self._marking()
            for use in _list_style_uses(line):
                self._rename_use(use)
            added.element.insert(0 if part.kind == "header" else len(added.element), line)
        for in_part, image in part.images.items():
            ending = image.media_type.rpartition("/")[2]
            place = PackURI(f"/word/media/house-{image.sha256[:16]}.{ending}")
            shown = Part(place, image.media_type, image.data, self._main.package)
            added.load_rel(RELATIONSHIP_TYPE.IMAGE, shown, in_part)
        id = self._main.relate_to(added, relation)
        return w(f"{part.kind}Reference", type=part.pages, r_id=id)


def _quote_names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _list_style_uses(root: XmlElement) -> list[XmlElement]:
    """Return what names a style."""
    return list(root.iter(*(f"{W}{tag}" for tag in _USES)))


def _iterate_named_styles(styles: Any) -> Iterator[tuple[tuple[str, str], XmlElement]]:
    """Return styles by kind and name; names are the same in capitals and small letters.

    One without an id cannot be used.
    """
    for style in styles.iter(f"{W}style"):
        if style.get(f"{W}styleId"):
            yield (style.get(f"{W}type", ""), _read_style_name(style).lower()), style


def _read_style_name(style: XmlElement) -> str:
    named = style.find(f"{W}name")
    return "" if named is None else named.get(f"{W}val", "")
