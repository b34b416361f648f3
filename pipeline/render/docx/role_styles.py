"""Which Word style a node takes, by its role."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

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
OF_SECTION: Final[Mapping[str, str]] = {"turn": "Turn"}
"""The style of running text in a section, where it has one of its own."""
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
