"""The Word styles of a brief: what each is called, and which role of the theme it shows.

Running text stands in a column that begins a quarter of the way across the page;
titles, headings, boxes and tables begin at the margin. So lines keep a readable
length, and an editor who types in one of these styles gets the same page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from typing import Any, Final, Literal

COLUMN: Final = 3 / 12
"""Where the text column begins, as a share of the width between the margins."""
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
    next: str = ""
    in_column: bool = False
    """Whether it begins at the text column, not at the margin."""
    inset: float = 0
    """How much further in it begins, in pt."""
    hanging: float = 0
    """How far its first line hangs out, in pt."""
    short: bool = False
    """Whether its lines end a quarter before the right margin."""
    keep_next: bool = False
    hyphens: bool = False
    bold: bool = False
    outline: int | None = None
    list_level: int | None = None
    ordered: bool = False
    spaced: bool = True
    """Whether it has the role's own distances; else none before and the body's after it."""
    after: float | None = None
    """The distance after it in pt, where it is not the role's."""
    leading: Literal["exact", "auto"] = "exact"
    borders: tuple[Border, ...] = ()
    stop: Literal["", "plain", "dots"] = ""
    """A tab stop at the right margin, and what leads to it."""


@dataclass(frozen=True, slots=True)
class CharacterStyle:
    """A character style: the letters' look of ``role``, never its size."""

    id: str
    name: str
    role: str = ""
    custom: bool = False
    bold: bool = False
    italic: bool = False
    underlined: bool = False
    superior: bool = False


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


def _in_text(id: str, name: str, role: str, **how: Any) -> ParagraphStyle:
    return ParagraphStyle(id, name, role, in_column=True, **how)


_BAR = (Border("left", "rule", 1.5, 7.5),)
_FRAME = (Border("top", "accent", 1.5, 6), Border("bottom", "rule", 0.5, 6))

_TEXT = (
    _in_text("BodyText", "Body Text", "body", hyphens=True),
    ParagraphStyle("Title", "Title", "title", keep_next=True, next="Standfirst"),
    ParagraphStyle("Subtitle", "Subtitle", "subtitle", short=True, keep_next=True),
    ParagraphStyle("Heading1", "heading 1", "heading-2", keep_next=True, outline=0),
    _in_text("Heading2", "heading 2", "heading-3", keep_next=True, outline=1),
    _in_text("Heading3", "heading 3", "heading-4", keep_next=True, outline=2),
    ParagraphStyle("Strip", "Strip", "strip", custom=True, keep_next=True),
    ParagraphStyle("CoverStrip", "Cover Strip", "strip", custom=True, keep_next=True, after=150),
    ParagraphStyle("Standfirst", "Standfirst", "standfirst", custom=True, short=True),
    _in_text("Byline", "Byline", "byline", custom=True),
    _in_text("Lead", "Lead", "lead", custom=True, hyphens=True),
    ParagraphStyle("Number", "Number", "number", custom=True, keep_next=True, next="Heading1"),
    _in_text("ExpertName", "Expert Name", "name", custom=True, keep_next=True, next="Affiliation"),
    _in_text("Affiliation", "Affiliation", "affiliation", custom=True, keep_next=True),
    _in_text("Note", "Note", "note", custom=True),
    _in_text("Source", "Source", "source", custom=True),
    _in_text("Imprint", "Imprint", "imprint", custom=True),
    _in_text("Caption", "caption", "caption"),
    _in_text("Figure", "Figure", "body", custom=True, leading="auto", after=0, next="Caption"),
)
_QUOTES = (
    _in_text("Quote", "Quote", "quote", inset=STEP, hyphens=True, next="Attribution"),
    _in_text("IntenseQuote", "Intense Quote", "pull", borders=_FRAME, next="PullAttribution"),
    _in_text("Evidence", "Evidence", "evidence", custom=True, inset=9, borders=_BAR),
    _in_text("Attribution", "Attribution", "attribution", custom=True, inset=STEP),
    _in_text("PullAttribution", "Pull Attribution", "attribution", custom=True, borders=_FRAME),
    _in_text(
        "EvidenceAttribution", "Evidence Attribution", "attribution",
        custom=True, inset=9, borders=_BAR,
    ),
)  # fmt: skip


def _list(id: str, name: str, role: str, **how: Any) -> ParagraphStyle:
    return _in_text(id, name, role, hyphens=True, **how)


_LISTS = (
    *(
        _list(f"List{kind}{n}", f"List {kind}{n and f' {n}'}", "list", list_level=level,
              ordered=kind == "Number", inset=STEP * (level + 1), hanging=STEP)
        for kind in ("Bullet", "Number")
        for level, n in enumerate(("", "2", "3"))
    ),
    *(
        _list(f"ListContinue{n}", f"List Continue{n and f' {n}'}", "list", inset=STEP * (level + 1))
        for level, n in enumerate(("", "2", "3"))
    ),
    _list("List", "List", "list"),
    _list("Takeaways", "Takeaways", "takeaways", custom=True, inset=STEP, hanging=STEP),
    _list("Options", "Options", "options", custom=True, inset=STEP, hanging=STEP),
    _list("Sources", "Sources", "source", custom=True, inset=STEP, hanging=STEP),
    _in_text("DefinitionTerm", "Definition Term", "body", custom=True, bold=True, after=0,
             keep_next=True, next="Definition"),
    _in_text("Definition", "Definition", "body", custom=True, hyphens=True),
)  # fmt: skip
_BOXES = (
    ParagraphStyle("BoxTitle", "Box Title", "box-title", custom=True, keep_next=True),
    ParagraphStyle("BoxText", "Box Text", "body", custom=True, spaced=False),
    ParagraphStyle("BottomLine", "Bottom Line", "bottom-line", custom=True, spaced=False),
    ParagraphStyle("AtAGlance", "At a Glance", "at-a-glance", custom=True, spaced=False, after=3.5),
    ParagraphStyle("BoxTerm", "Box Term", "at-a-glance", custom=True, spaced=False, after=0,
                   bold=True, keep_next=True, next="AtAGlance"),
    ParagraphStyle("BoxNote", "Box Note", "note", custom=True, spaced=False),
)  # fmt: skip
_TABLES = (
    ParagraphStyle("TableText", "Table Text", "cell", custom=True),
    ParagraphStyle("TableHeading", "Table Heading", "column-head", custom=True, keep_next=True),
    ParagraphStyle("TableRowHeading", "Table Row Heading", "row-head", custom=True),
    ParagraphStyle("AfterTable", "After Table", "cell", custom=True, spaced=False, after=0),
)
_CONTENTS = (
    ParagraphStyle("TOCHeading", "TOC Heading", "heading-2", keep_next=True, next="BodyText"),
    *(
        _in_text(f"TOC{n}", f"toc {n}", f"contents-{n}", inset=STEP * (n - 1), stop="dots")
        for n in (1, 2, 3)
    ),
)
_EDGES = (
    ParagraphStyle("FootnoteText", "footnote text", "footnote"),
    ParagraphStyle("Header", "header", "running-head", stop="plain",
                   borders=(Border("bottom", "rule", 0.5, 4),)),
    ParagraphStyle("Footer", "footer", "folio", stop="plain"),
)  # fmt: skip

PARAGRAPHS: Final = (*_TEXT, *_QUOTES, *_LISTS, *_BOXES, *_TABLES, *_CONTENTS, *_EDGES)
"""Every paragraph style but Normal, on which they all stand."""

CHARACTERS: Final = (
    CharacterStyle("Strong", "Strong", bold=True),
    CharacterStyle("Emphasis", "Emphasis", italic=True),
    CharacterStyle("Hyperlink", "Hyperlink", "link", underlined=True),
    CharacterStyle("Reference", "Reference", "link", custom=True),
    CharacterStyle("FootnoteReference", "footnote reference", superior=True),
    CharacterStyle("PageNumber", "page number"),
    CharacterStyle("InlineName", "Inline Name", "name", custom=True),
    CharacterStyle("InlineAffiliation", "Inline Affiliation", "affiliation", custom=True),
    CharacterStyle("InlineNumber", "Inline Number", "number", custom=True),
    CharacterStyle("InlineTerm", "Inline Term", custom=True, italic=True),
    CharacterStyle("InlineLabel", "Inline Label", custom=True, bold=True),
    CharacterStyle("Citation", "Citation", custom=True, superior=True),
)

_RULED: Final[Mapping[str, Any]] = {
    "borders": (Border("bottom", "ink", 0.75), Border("insideH", "rule", 0.35)),
    "head": Border("bottom", "ink", 0.75),
    "padding": (0, 6, 0, 0),
}
ROOM: Final[tuple[float, float, float, float]] = (9, 11, 4, 11)
"""The room in a box: top, right, bottom, left, in pt."""
TABLES: Final = (
    TableStyle("BriefTable", "Brief Table", **_RULED),
    TableStyle("Matrix", "Matrix", **_RULED),
    TableStyle("Facts", "Facts", **_RULED),
    TableStyle("Box", "Box", fill="tint", padding=ROOM),
    TableStyle("BottomLineBox", "Bottom Line Box", fill="tint", padding=ROOM,
               borders=(Border("left", "accent", 3),)),
    TableStyle("AtAGlanceBox", "At a Glance Box", fill="tint", padding=ROOM,
               borders=(Border("top", "accent", 1.5),)),
    TableStyle("NoteBox", "Note Box", padding=ROOM, borders=(
               Border("top", "rule", 0.5), Border("left", "rule", 0.5),
               Border("bottom", "rule", 0.5), Border("right", "rule", 0.5))),
)  # fmt: skip

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
OF_QUOTE: Final[Mapping[str, tuple[str, str]]] = {
    "": ("Quote", "Attribution"),
    "pull": ("IntenseQuote", "PullAttribution"),
    "evidence": ("Evidence", "EvidenceAttribution"),
}
"""A quote's style and its attribution's."""
OF_TABLE: Final[Mapping[str, str]] = {"": "BriefTable", "matrix": "Matrix", "facts": "Facts"}
OF_CELL: Final[Mapping[str, str]] = {
    "": "TableText",
    "col": "TableHeading",
    "row": "TableRowHeading",
}
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
}
