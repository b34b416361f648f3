"""The Word styles of a brief: what each is called, and which role of the theme it shows.

Running text stands in a column that begins where the theme says (``theme.Page.column``);
titles, headings, boxes and wide tables begin at the margin, and the facts stand in the
rail beside the column, if it leaves one. So lines keep a readable length, and an editor
who types in one of these styles gets the same page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from typing import Any, Final, Literal

GUTTER: Final = 12
"""The distance between what stands in the rail and the text column, in pt."""
STEP: Final = 13.5
"""How far a list or a quote is set in, in pt."""

Side = Literal["top", "left", "bottom", "right", "insideH"]


@dataclass(frozen=True, slots=True)
class Border:
    """A rule at one side of a paragraph or table: colour name, width and distance in pt."""

    side: Side
    colour: str
    width: float
    distance: float = 0


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """A paragraph style; what it looks like are the tokens of ``role``."""

    id: str
    name: str
    role: str
    _: KW_ONLY
    custom: bool = False
    based: str = ""
    """Another style that it is like but for its borders; Normal if none is named."""
    next: str = ""
    in_column: bool = False
    """Whether it begins at the text column, not at the margin."""
    inset: float = 0
    """How much further in it begins, in pt."""
    hanging: float = 0
    """How far its first line hangs out, in pt."""
    hangs_in_rail: bool = False
    """Whether its first line begins at the margin and the others at the text column, if it is
    further in."""
    keep_next: bool = False
    keep_lines: bool = False
    hyphens: bool = False
    bold: bool = False
    outline: int | None = None
    list_level: int | None = None
    ordered: bool = False
    spaced: bool = True
    """Whether it has the role's own distances; else none before and the body's after it."""
    before: float | None = None
    """The distance before it in pt, where it is not the role's."""
    after: float | None = None
    """The distance after it in pt, where it is not the role's."""
    leading: float | None = None
    """The distance of its lines in pt, where it is not the role's; 0 is what a picture needs."""
    borders: tuple[Border, ...] = ()
    stop: Literal["", "plain", "dots"] = ""
    """A tab stop at the right margin, and what leads to it."""
    chosen: bool = True
    """Whether an editor picks it from the gallery; the others Word takes by itself."""


@dataclass(frozen=True, slots=True)
class CharacterStyle:
    """A character style: the letters' look of ``role``, never its size."""

    id: str
    name: str
    role: str = ""
    custom: bool = False
    bold: bool = False
    italic: bool = False
    upright: bool = False
    """Whether its letters stand upright in an italic paragraph."""
    underlined: bool = False
    superior: bool = False
    chosen: bool = True
    """Whether an editor picks it from the gallery."""
    size: float = 0
    """Its own size in pt, where it is not the paragraph's; a raised one is shown at two thirds."""


@dataclass(frozen=True, slots=True)
class TableStyle:
    """A table style: its rules, its ground and the room in its cells, in pt."""

    id: str
    name: str
    borders: tuple[Border, ...] = ()
    head: Border | None = None
    fill: str = ""
    padding: tuple[float, float, float, float] = (0, 0, 0, 0)
    """Top, right, bottom, left."""


def _make_column_style(id: str, name: str, role: str, **how: Any) -> ParagraphStyle:
    return ParagraphStyle(id, name, role, in_column=True, **how)


_BAR = Border("top", "accent", 2.25, 7)
_HAIR = Border("top", "rule", 0.5, 4)
_SIDE = (Border("left", "rule", 0.75, 8),)

_TEXT = (
    _make_column_style("BodyText", "Body Text", "body", hyphens=True),
    ParagraphStyle("Title", "Title", "title", keep_next=True, next="Standfirst"),
    ParagraphStyle("Subtitle", "Subtitle", "subtitle", keep_next=True),
    ParagraphStyle(
        "Heading1",
        "heading 1",
        "heading-2",
        keep_next=True,
        outline=0,
        before=6,
        borders=(_BAR,),
        next="BodyText",
    ),
    ParagraphStyle(
        "Heading1BesideBox",
        "Heading 1 Beside Box",
        "heading-2",
        custom=True,
        based="Heading1",
        keep_next=True,
        outline=0,
        next="BodyText",
    ),
    ParagraphStyle(
        "Heading2",
        "heading 2",
        "heading-3",
        keep_next=True,
        outline=1,
        before=0,
        borders=(_HAIR,),
        next="BodyText",
    ),
    _make_column_style(
        "Heading3", "heading 3", "heading-4", keep_next=True, outline=2, next="BodyText"
    ),
    ParagraphStyle("Strip", "Strip", "strip", custom=True, keep_next=True, borders=(_BAR,)),
    ParagraphStyle(
        "CoverStrip",
        "Cover Strip",
        "strip",
        custom=True,
        keep_next=True,
        after=150,
        borders=(_BAR,),
    ),
    ParagraphStyle("Standfirst", "Standfirst", "standfirst", custom=True),
    _make_column_style("Label", "Label", "box-title", custom=True, keep_next=True, before=6.75),
    _make_column_style("Byline", "Byline", "byline", custom=True),
    _make_column_style("Lead", "Lead", "lead", custom=True, keep_next=True, before=4),
    ParagraphStyle(
        "Number", "Number", "number", custom=True, keep_next=True, next="Heading1", borders=(_BAR,)
    ),
    ParagraphStyle(
        "ExpertName", "Expert Name", "name", custom=True, keep_next=True, next="Affiliation"
    ),
    ParagraphStyle("Affiliation", "Affiliation", "affiliation", custom=True, keep_next=True),
    _make_column_style("Note", "Note", "note", custom=True),
    _make_column_style("Source", "Source", "source", custom=True),
    _make_column_style(
        "SourceBelowHeading",
        "Source Below Heading",
        "source",
        custom=True,
        based="Source",
        keep_next=True,
        next="BodyText",
    ),
    ParagraphStyle("Imprint", "Imprint", "imprint", custom=True),
    _make_column_style("Caption", "caption", "caption"),
    _make_column_style("TableCaption", "Table Caption", "caption", custom=True, keep_next=True),
    _make_column_style(
        "Figure", "Figure", "body", custom=True, leading=0, after=0, keep_next=True, next="Caption"
    ),
)
_QUOTES = (
    _make_column_style("Quote", "Quote", "quote", inset=STEP, hyphens=True),
    _make_column_style(
        "AttributedQuote",
        "Attributed Quote",
        "quote",
        custom=True,
        inset=STEP,
        hyphens=True,
        after=0,
        keep_next=True,
        next="Attribution",
    ),
    _make_column_style("IntenseQuote", "Intense Quote", "pull", keep_lines=True),
    _make_column_style(
        "AttributedPullQuote",
        "Attributed Pull Quote",
        "pull",
        custom=True,
        after=0,
        keep_next=True,
        next="PullAttribution",
    ),
    _make_column_style(
        "Evidence", "Evidence", "evidence", custom=True, inset=8, keep_lines=True, borders=_SIDE
    ),
    _make_column_style(
        "Attribution", "Attribution", "attribution", custom=True, inset=STEP, after=6.75
    ),
    _make_column_style(
        "PullAttribution", "Pull Attribution", "attribution", custom=True, after=13.5
    ),
)


def _make_list_style(id: str, name: str, role: str, **how: Any) -> ParagraphStyle:
    return _make_column_style(id, name, role, hyphens=True, **how)


_LISTS = (
    *(
        _make_list_style(
            f"List{kind}{n}",
            f"List {kind}{n and f' {n}'}",
            "list",
            list_level=level,
            ordered=kind == "Number",
            inset=STEP * (level + 1),
            hanging=STEP,
            after=3,
        )
        for kind in ("Bullet", "Number")
        for level, n in enumerate(("", "2", "3"))
    ),
    *(
        _make_list_style(
            f"ListContinue{n}",
            f"List Continue{n and f' {n}'}",
            "list",
            inset=STEP * (level + 1),
            after=3,
        )
        for level, n in enumerate(("", "2", "3"))
    ),
    _make_list_style("List", "List", "list", after=4),
    _make_list_style(
        "Takeaways",
        "Takeaways",
        "takeaways",
        custom=True,
        inset=STEP,
        hanging=STEP,
        keep_lines=True,
    ),
    _make_list_style(
        "Options",
        "Options",
        "options",
        custom=True,
        inset=STEP,
        hanging=STEP,
        after=3,
        keep_lines=True,
    ),
    _make_list_style(
        "Sources", "Sources", "source", custom=True, inset=STEP, hanging=STEP, after=2
    ),
    _make_column_style(
        "DefinitionTerm",
        "Definition Term",
        "body",
        custom=True,
        bold=True,
        after=0,
        keep_next=True,
        next="Definition",
    ),
    _make_column_style("Definition", "Definition", "body", custom=True, hyphens=True),
    ParagraphStyle(
        "Particular",
        "Particular",
        "at-a-glance",
        custom=True,
        hanging=72,
        hangs_in_rail=True,
        spaced=False,
        after=4,
    ),
)
_BOXES = (
    ParagraphStyle("BoxTitle", "Box Title", "box-title", custom=True, keep_next=True),
    ParagraphStyle("BoxText", "Box Text", "body", custom=True, spaced=False),
    ParagraphStyle("BottomLine", "Bottom Line", "bottom-line", custom=True, spaced=False),
    ParagraphStyle("AtAGlance", "At a Glance", "at-a-glance", custom=True, spaced=False, after=3.5),
    ParagraphStyle(
        "Fact", "Fact", "note", custom=True, spaced=False, after=0, keep_next=True, next="AtAGlance"
    ),
    ParagraphStyle("BoxNote", "Box Note", "at-a-glance", custom=True, spaced=False, after=3.5),
    ParagraphStyle(
        "BoxDefinition",
        "Box Definition",
        "at-a-glance",
        custom=True,
        inset=99,
        hanging=99,
        spaced=False,
        after=3.5,
    ),
)
_TABLES = (
    ParagraphStyle("TableText", "Table Text", "cell", custom=True, hyphens=True),
    ParagraphStyle("MatrixText", "Matrix Text", "cell", custom=True, hyphens=True, keep_next=True),
    ParagraphStyle(
        "MatrixRowHeading",
        "Matrix Row Heading",
        "row-head",
        custom=True,
        keep_next=True,
        next="MatrixText",
    ),
    ParagraphStyle("TableHeading", "Table Heading", "column-head", custom=True, keep_next=True),
    ParagraphStyle("TableRowHeading", "Table Row Heading", "row-head", custom=True),
    ParagraphStyle(
        "AfterTable",
        "After Table",
        "cell",
        custom=True,
        spaced=False,
        after=4,
        leading=2,
        chosen=False,
    ),
    ParagraphStyle(
        "BesideBox",
        "Beside Box",
        "cell",
        custom=True,
        spaced=False,
        after=0,
        leading=2,
        chosen=False,
    ),
)
_CONTENTS = (
    ParagraphStyle(
        "TOCHeading", "TOC Heading", "heading-2", keep_next=True, next="BodyText", chosen=False
    ),
    *(
        ParagraphStyle(
            f"TOC{n}",
            f"toc {n}",
            f"contents-{n}",
            inset=STEP * (n - 1),
            stop="dots",
            spaced=False,
            after=after,
            chosen=False,
        )
        for n, after in ((1, 5), (2, 3), (3, 3))
    ),
)
_EDGES = (
    ParagraphStyle("FootnoteText", "footnote text", "footnote", chosen=False),
    ParagraphStyle("Header", "header", "running-head", stop="plain", chosen=False),
    ParagraphStyle("Footer", "footer", "running-head", stop="plain", chosen=False),
)

PARAGRAPHS: Final = (*_TEXT, *_QUOTES, *_LISTS, *_BOXES, *_TABLES, *_CONTENTS, *_EDGES)
"""Every paragraph style but Normal, on which they all stand."""

CHARACTERS: Final = (
    CharacterStyle("Strong", "Strong", bold=True),
    CharacterStyle("Emphasis", "Emphasis", italic=True),
    CharacterStyle("Hyperlink", "Hyperlink", "link", underlined=True),
    CharacterStyle("Reference", "Reference", "link", custom=True),
    CharacterStyle("FootnoteReference", "footnote reference", superior=True, chosen=False),
    CharacterStyle("PageNumber", "page number", "folio", chosen=False),
    CharacterStyle("InlineName", "Inline Name", "name", custom=True),
    CharacterStyle("InlineAffiliation", "Inline Affiliation", "affiliation", custom=True),
    CharacterStyle("InlineNumber", "Inline Number", "number", custom=True),
    CharacterStyle("InlineTerm", "Inline Term", custom=True, italic=True),
    CharacterStyle("InlineLabel", "Inline Label", custom=True, bold=True),
    CharacterStyle(
        "InlineAttribution", "Inline Attribution", "attribution", custom=True, upright=True
    ),
    CharacterStyle("CellLabel", "Cell Label", "affiliation", custom=True),
    CharacterStyle("Citation", "Citation", "link", custom=True, size=12, superior=True),
)

_RULED: Final[Mapping[str, Any]] = {
    "borders": (
        Border("top", "ink", 0.75),
        Border("bottom", "ink", 0.75),
        Border("insideH", "rule", 0.5),
    ),
    "head": Border("bottom", "ink", 0.75),
    "padding": (0, 4.5, 0, 0),
}
BOX_PADDING: Final[tuple[float, float, float, float]] = (9, 11, 4, 11)
"""The room in a box: top, right, bottom, left, in pt."""
TABLES: Final = (
    TableStyle("BriefTable", "Brief Table", **_RULED),
    TableStyle("Matrix", "Matrix", **_RULED),
    TableStyle("Facts", "Facts", **_RULED),
    TableStyle("Box", "Box", fill="tint", padding=BOX_PADDING),
    TableStyle(
        "BottomLineBox",
        "Bottom Line Box",
        fill="tint",
        padding=BOX_PADDING,
        borders=(Border("left", "accent", 3),),
    ),
    TableStyle(
        "AtAGlanceBox",
        "At a Glance Box",
        padding=(5, 0, 4, 0),
        borders=(Border("top", "ink", 0.75),),
    ),
    TableStyle(
        "NoteBox",
        "Note Box",
        padding=BOX_PADDING,
        borders=(
            Border("top", "rule", 0.5),
            Border("left", "rule", 0.5),
            Border("bottom", "rule", 0.5),
            Border("right", "rule", 0.5),
        ),
    ),
)

# --- which style a node takes, by its role ----------------------------------------------

OF_PARAGRAPH: Final[Mapping[str, str]] = {
    "strip": "Strip",
    "subtitle": "Subtitle",
    "standfirst": "Standfirst",
    "byline": "Byline",
    "name": "ExpertName",
    "affiliation": "Affiliation",
    "number": "Number",
    "note": "Note",
    "caption": "Caption",
    "attribution": "Attribution",
    "box-title": "BoxTitle",
    "source": "Source",
    "lead": "Lead",
    "imprint": "Imprint",
}
OF_HEADING: Final[Mapping[int, str]] = {1: "Title", 2: "Heading1", 3: "Heading2", 4: "Heading3"}
OF_LIST: Final[Mapping[str, str]] = {
    "takeaways": "Takeaways",
    "options": "Options",
    "sources": "Sources",
    "plain": "List",
}
OF_QUOTE: Final[Mapping[str, tuple[str, str, str]]] = {
    "": ("Quote", "AttributedQuote", "Attribution"),
    "pull": ("IntenseQuote", "AttributedPullQuote", "PullAttribution"),
    "evidence": ("Evidence", "Evidence", ""),
}
"""A quote's style, that of its last paragraph before an attribution, and the attribution's.

Without a style of its own the attribution stands in the quote's last line.
"""
OF_TABLE: Final[Mapping[str, str]] = {"": "BriefTable", "matrix": "Matrix", "facts": "Facts"}
OF_CELL: Final[Mapping[str, str]] = {
    "": "TableText",
    "col": "TableHeading",
    "row": "TableRowHeading",
}
OF_MATRIX_CELL: Final[Mapping[str, str]] = {
    "": "MatrixText",
    "col": "TableHeading",
    "row": "MatrixRowHeading",
}
"""A matrix is read as a whole: its rows keep to one page, if it fits on one."""
OF_BOX: Final[Mapping[str, tuple[str, str]]] = {
    "": ("Box", "BoxText"),
    "bottom-line": ("BottomLineBox", "BottomLine"),
    "at-a-glance": ("AtAGlanceBox", "AtAGlance"),
    "note": ("NoteBox", "BoxNote"),
}
"""A box's table style and the style of its text."""
OF_SPAN: Final[Mapping[str, str]] = {
    "name": "InlineName",
    "affiliation": "InlineAffiliation",
    "number": "InlineNumber",
    "term": "InlineTerm",
    "label": "InlineLabel",
    "cite": "Citation",
    "attribution": "InlineAttribution",
}
