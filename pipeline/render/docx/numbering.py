"""List numbering: a definition for each place and kind, and instances of them (ECMA-376 §17.9)."""

from __future__ import annotations

from typing import Final

from pipeline.render.docx.paragraph_styles import PARAGRAPHS
from pipeline.render.docx.style_records import STEP
from pipeline.word.ooxml import XmlElement, to_twips, w

BULLETS: Final = 1
"""The instance that the bulleted lists of the text column share."""
DEEPEST: Final = 8
"""A list knows nine levels, from 0."""

_BULLET_SIGNS: Final = ("–", "•", "·")


class Numbering:
    """The numbering part. Every numbered list begins anew, at a number of its own.

    Lists begin at the text column, or at another edge: in a box, in a quote. Both the
    definition and the instance belong to the edge, so no paragraph has to be moved there.
    """

    def __init__(self, root: XmlElement, column: int, colour: str) -> None:
        """Define both kinds of list for the text column, ``column`` twips from the margin."""
        self._root = root
        self._column = column
        self._colour = colour
        self._definitions: dict[tuple[bool, int], int] = {}
        self._bullets: dict[int, int] = {}
        self._last = 0
        self.find_bullet_instance(column)
        self._add_instance(ordered=True, edge=column)

    def find_bullet_instance(self, edge: int) -> int:
        """Return the number of the instance for bulleted lists at an edge, in twips."""
        if edge not in self._bullets:
            self._bullets[edge] = self._add_instance(ordered=False, edge=edge)
        return self._bullets[edge]

    def start_list(self, level: int, start: int, edge: int) -> int:
        """Add an instance that counts from ``start`` at a level, and return its number."""
        override = w("lvlOverride", w("startOverride", val=start), ilvl=level)
        return self._add_instance(override, ordered=True, edge=edge)

    def _add_instance(self, *overrides: XmlElement, ordered: bool, edge: int) -> int:
        of = self._definitions.get((ordered, edge))
        if of is None:
            of = self._definitions[ordered, edge] = len(self._definitions)
            styled = edge == self._column
            definition = _make_definition(of, edge, self._colour, ordered=ordered, styled=styled)
            self._root.insert(of, definition)  # definitions stand before instances
        self._last += 1
        self._root.append(w("num", w("abstractNumId", val=of), *overrides, numId=self._last))
        return self._last


def _make_definition(
    number: int, edge: int, colour: str, *, ordered: bool, styled: bool
) -> XmlElement:
    styles = {s.list_level: s.id for s in PARAGRAPHS if s.ordered == ordered and styled}
    definition = w(
        "abstractNum",
        w("nsid", val=f"{number + 1:08X}"),  # Word takes lists without one for one list
        w("multiLevelType", val="hybridMultilevel"),
        abstractNumId=number,
    )
    for level in range(DEEPEST + 1):
        named = styles.get(level)
        definition.append(
            w(
                "lvl",
                w("start", val=1),
                w("numFmt", val="decimal" if ordered else "bullet"),
                w("pStyle", val=named) if named else None,
                w(
                    "lvlText",
                    val=f"%{level + 1}." if ordered else _BULLET_SIGNS[level % len(_BULLET_SIGNS)],
                ),
                w("lvlJc", val="left"),
                w(
                    "pPr",
                    w("ind", left=edge + to_twips(STEP * (level + 1)), hanging=to_twips(STEP)),
                ),
                w("rPr", w("b", val=0), w("i", val=0), w("color", val=colour)),
                ilvl=level,
            )
        )
    return definition
