"""The theme's fonts: how a stylesheet names them, and which characters they lack."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from pipeline import characters
from pipeline.diagnostics import Diagnostic
from pipeline.document import Document, Text, walk
from pipeline.render import Look
from pipeline.theme import Font, Theme

_NEED_NO_GLYPH: Final = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})
"""Categories that Pango sets in the font of what stands before them, as space or nothing."""


def font_faces(theme: Theme, source: Callable[[Font], str]) -> str:
    """Write the @font-face rules (CSS Fonts 4 §4) of the theme's fonts.

    The families' names are our own, so that no font of the machine is taken for them.
    ``source`` gives the address of a font's file.
    """
    return "\n".join(
        f'@font-face {{ font-family: "{font.css_family}"; src: url("{source(font)}"); '
        f"font-weight: {'bold' if font.bold else 'normal'}; "
        f"font-style: {'italic' if font.italic else 'normal'} }}"
        for face in theme.faces
        for font in face.fonts()
    )


def missing_glyphs(document: Document, look: Look) -> Iterator[Diagnostic]:
    """Report each character that no face of the theme has, once for each place it is written.

    Such a character would be set in a font of the machine, or as an empty box.
    """
    known = glyphs(look.theme)
    told: set[tuple[str, str | None]] = set()
    for node in walk(document):
        if not isinstance(node, Text) or known.issuperset(map(ord, node.text)):
            continue
        for character in unicodedata.normalize("NFC", node.text):
            if ord(character) in known or (character, node.source) in told:
                continue
            if unicodedata.category(character) not in _NEED_NO_GLYPH:
                told.add((character, node.source))
                yield Diagnostic(
                    "no-glyph",
                    f"no font of the theme has {characters.name(character)} ({character})",
                    look.places.get(node.source) if node.source else None,
                    "write it another way, or name a face in theme.yaml that has it",
                )


def glyphs(theme: Theme) -> frozenset[int]:
    """Give the code points that a theme can print: those that all cuts of one face have."""
    return frozenset().union(
        *(
            frozenset.intersection(*(_code_points(font.path) for font in face.fonts()))
            for face in theme.faces
        )
    )


@functools.cache
def _code_points(path: Path) -> frozenset[int]:
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())
