"""The theme's fonts: how a stylesheet names them, and which characters they lack."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from pipeline.diagnostics import Diagnostic
from pipeline.document import characters
from pipeline.document.tree import Address, Document, Text, walk
from pipeline.look.theme import Font, Theme
from pipeline.render.contract import RenderOptions

MOST_NAMED: Final = 3
_NEED_NO_GLYPH: Final = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})
"""Categories that Pango sets in the font of what stands before them, as space or nothing."""

_IN_EVERY_FACE: Final = frozenset(map(ord, "\n–—‘’“”…•")).union(
    range(0x20, 0x7F), range(0xA1, 0x100)
)
"""For these no font file is opened: a text face without them shows in ``find_foreign_fonts``."""


def write_font_faces(theme: Theme, source: Callable[[Font], str]) -> str:
    """Write the @font-face rules (CSS Fonts 4 §4) of the theme's fonts.

    The families' names are our own, so that no font of the machine is taken for them.
    ``source`` gives the address of a font's file.
    """
    return "\n".join(
        f'@font-face {{ font-family: "{font.css_family}"; src: url("{source(font)}"); '
        f"font-weight: {'bold' if font.bold else 'normal'}; "
        f"font-style: {'italic' if font.italic else 'normal'} }}"
        for face in theme.faces
        for font in face.find_fonts()
    )


def find_missing_glyphs(document: Document, options: RenderOptions) -> Iterator[Diagnostic]:
    """Report the characters that no face of the theme has, once for each place with any.

    Such a character would be set in a font of the machine, or as an empty box.
    """
    rare = [
        node
        for node in (*walk(document), Text(document.meta.marking))
        if isinstance(node, Text) and not _IN_EVERY_FACE.issuperset(map(ord, node.text))
    ]
    known = collect_glyphs(options.theme) if rare else frozenset()
    lacking: dict[Address | None, dict[str, None]] = {}
    for node in rare:
        for character in unicodedata.normalize("NFC", node.text):
            if ord(character) not in known and (
                unicodedata.category(character) not in _NEED_NO_GLYPH
            ):
                lacking.setdefault(node.source, {})[character] = None
    for source, found in lacking.items():
        named = [f"{characters.name_character(character)} ({character})" for character in found]
        more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
        yield Diagnostic(
            "no-glyph",
            f"no font of the theme has {', '.join(named[:MOST_NAMED])}{more}",
            options.places.get(source) if source else None,
            "write it another way, or name a face in theme.yaml that has it",
        )


def collect_glyphs(theme: Theme) -> frozenset[int]:
    """Return the code points that a theme can print: those that all cuts of one face have."""
    return frozenset().union(
        *(
            frozenset.intersection(*(_read_code_points(font.path) for font in face.find_fonts()))
            for face in theme.faces
        )
    )


@functools.cache
def _read_code_points(path: Path) -> frozenset[int]:
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())


def find_foreign_fonts(laid: Any, options: RenderOptions) -> Iterator[Diagnostic]:
    """Report fonts in a PDF that are none of the theme's, with the characters they print.

    ``laid`` is the weasyprint.document.Document, once it is written.
    """
    ours = {face.css_family for face in options.theme.faces}
    foreign: dict[str, str] = {}
    for font in laid.fonts.values():
        families = {name.strip() for name in font.family.split(",")}
        if not families & ours:
            foreign.setdefault(font.family, "".join(font.to_unicode.values()))
    for family, printed in sorted(foreign.items()):
        yield Diagnostic(
            "foreign-font",
            f"the font {family} of this machine got into the PDF, for: {printed}",
            None,
            "style what prints these characters with a face of the theme that has them",
        )
