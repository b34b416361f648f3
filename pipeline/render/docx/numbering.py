"""List numbering: two definitions, and an instance for each numbered list (ECMA-376 §17.9)."""

from __future__ import annotations

from typing import Final

from pipeline.render.docx.oxml import Element, twips, w
from pipeline.render.docx.sheet import PARAGRAPHS, STEP

BULLETS: Final = 1
"""The instance that all bulleted lists share."""
DEEPEST: Final = 8
"""A list knows nine levels, from 0."""

_MARKS: Final = ("–", "•", "·")


class Numbering:
    """The numbering part. Every numbered list begins anew, at a number of its own."""

    def __init__(self, root: Element, column: int, colour: str) -> None:
        """Define both kinds of list; ``column`` is where text begins, in twips."""
        self._root = root
        root.append(_definition(0, column, colour, ordered=False))
        root.append(_definition(1, column, colour, ordered=True))
        root.append(w("num", w("abstractNumId", val=0), numId=BULLETS))
        root.append(w("num", w("abstractNumId", val=1), numId=2))
        self._last = 2

    def restart(self, level: int, start: int) -> int:
        """Make an instance that counts from ``start`` at a level, and give its number."""
        self._last += 1
        override = w("lvlOverride", w("startOverride", val=start), ilvl=level)
        self._root.append(w("num", w("abstractNumId", val=1), override, numId=self._last))
        return self._last


def _definition(number: int, column: int, colour: str, *, ordered: bool) -> Element:
    styles = {s.list_level: s.id for s in PARAGRAPHS if s.ordered == ordered}
    made = w("abstractNum", w("multiLevelType", val="hybridMultilevel"), abstractNumId=number)
    for level in range(DEEPEST + 1):
        named = styles.get(level)
        made.append(
            w(
                "lvl",
                w("start", val=1),
                w("numFmt", val="decimal" if ordered else "bullet"),
                w("pStyle", val=named) if named else None,
                w("lvlText", val=f"%{level + 1}." if ordered else _MARKS[level % len(_MARKS)]),
                w("lvlJc", val="left"),
                w(
                    "pPr",
                    w("ind", left=column + twips(STEP * (level + 1)), hanging=twips(STEP)),
                ),
                w("rPr", w("b", val=0), w("i", val=0), w("color", val=colour)),
                ilvl=level,
            )
        )
    return made
