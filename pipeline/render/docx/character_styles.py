"""The character styles of a brief, which take letters from roles of the theme."""

from __future__ import annotations

from typing import Final

from pipeline.render.docx.style_records import CharacterStyle

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
