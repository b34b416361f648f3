"""Reads a tagged PDF by its structure: elements in reading order, with the words in them.

What is no part of the structure, as headers and footers, is not read (ISO 32000-1 §14.7 and §14.8).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf

TEXT = "BMC BDC EMC Tf Tj TJ"
"""The operators that show text, or say what it is in which font."""


@dataclass(frozen=True)
class Element:
    """An element of the structure: its type, as ``H1``, and its elements and words in order."""

    kind: str
    parts: tuple[Element | str, ...]

    @property
    def elements(self) -> list[Element]:
        return [part for part in self.parts if isinstance(part, Element)]

    def words(self, *, but: str) -> Iterator[str]:
        """Yield the words in an element, but for those in its elements of one type."""
        for part in self.parts:
            if isinstance(part, str):
                yield part
            elif part.kind != but:
                yield from part.words(but=but)


def read_structure(path: Path | str) -> Element:
    """Read the root of a PDF's structure."""
    with pikepdf.open(path) as pdf:
        shown = {page.objgen: _shown(page) for page in pdf.pages}
        (root,) = pdf.Root.StructTreeRoot.K
        return _element(root, shown)


def _element(node: pikepdf.Object, shown: Mapping[Any, dict[int, str]]) -> Element:
    kids: Any = node.get("/K", [])
    parts: list[Element | str] = []
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if not isinstance(kid, pikepdf.Dictionary):
            parts.append(shown[node.Pg.objgen][int(kid)])
        elif "/S" in kid:
            parts.append(_element(kid, shown))
        elif "/MCID" in kid:
            parts.append(shown[kid.get("/Pg", node.get("/Pg")).objgen][int(kid.MCID)])
    return Element(str(node.S).removeprefix("/"), tuple(parts))


def _shown(page: pikepdf.Page) -> dict[int, str]:
    """Return the text of each marked piece of a page, by its number in the structure."""
    fonts = {name: _characters(font) for name, font in page.Resources.get("/Font", {}).items()}
    pieces: dict[int, str] = {}
    within: list[int | None] = []
    characters: dict[int, str] = {}
    for step in pikepdf.parse_content_stream(page, TEXT):
        match str(step.operator), list(step.operands):
            case "BMC", _:
                within.append(None)
            case "BDC", [_, properties]:
                number = properties.get("/MCID")
                within.append(None if number is None else int(number))
                if within[-1] is not None:
                    pieces[within[-1]] = ""
            case "EMC", _:
                within.pop()
            case "Tf", [name, _]:
                characters = fonts[str(name)]
            case _, [text] if within and within[-1] is not None:
                strings = text if isinstance(text, pikepdf.Array) else [text]
                for string in strings:
                    if isinstance(string, pikepdf.String):
                        pieces[within[-1]] += _decoded(bytes(string), characters)
    return pieces


def _decoded(codes: bytes, characters: dict[int, str]) -> str:
    pairs = zip(codes[::2], codes[1::2], strict=True)
    return "".join(characters[high << 8 | low] for high, low in pairs)


def _characters(font: pikepdf.Object) -> dict[int, str]:
    """Return what each code of two bytes stands for: the font's ToUnicode (§9.10.3)."""
    mapped = "".join(
        re.findall(r"beginbfchar(.*?)endbfchar", font.ToUnicode.read_bytes().decode(), re.DOTALL)
    )
    return {
        int(code, 16): bytes.fromhex(text).decode("utf-16-be")
        for code, text in re.findall(r"<(\w+)> *<(\w*)>", mapped)
    }
