"""The paragraph styles of a brief: what each is called, and which role of the theme it shows.

Running text stands in a column that begins where the theme says (``theme.Page.column``);
titles, headings, boxes and wide tables begin at the margin, and the facts stand in the
rail beside the column, if it leaves one. So lines keep a readable length, and an editor
who types in one of these styles gets the same page.
"""

from __future__ import annotations

from typing import Any, Final

from pipeline.render.docx.style_records import STEP, Border, ParagraphStyle


def _make_column_style(id: str, name: str, role: str, **settings: Any) -> ParagraphStyle:
    return ParagraphStyle(id, name, role, in_column=True, **settings)


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
    ParagraphStyle(
        "Logo", "Logo", "body", custom=True, leading=0, after=6, keep_next=True, next="Strip"
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
    _make_column_style("Turn", "Turn", "turn", custom=True, hyphens=True),
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


def _make_list_style(id: str, name: str, role: str, **settings: Any) -> ParagraphStyle:
    return _make_column_style(id, name, role, hyphens=True, **settings)


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
