"""What the styles and lists of a DOCX give its paragraphs and words (ECMA-376-1 §17.7, §17.9)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from pipeline.review.edited_docx.looks import Looks, join_looks, read_toggle
from pipeline.review.words.tokens import BlockForm
from pipeline.word.ooxml import W
from pipeline.word.opc import Package

T = TypeVar("T")
_OF_THE_WORDS: Final = frozenset(
    "inlinename inlineaffiliation inlinenumber inlineterm inlinelabel celllabel citation"
    " inlineattribution hyperlink reference footnotereference endnotereference"
    " commentreference internetlink visitedinternetlink followedhyperlink".split()
)
"""Character styles that say what words are: how they are set is the theme's."""
_PLACE: Final = re.compile(r"at(margin|[\d.]+pt)(hanging[\d.]+pt)?$")
"""How brief ends the name of a style that differs from another in where it begins."""
_LEVEL: Final = re.compile(r"(list(?:bullet|number|continue))([2-9]?)")


@dataclass(frozen=True, slots=True)
class CharacterFormat:
    """How a character style sets words; None where it does not say."""

    strong: bool | None = None
    emphasis: bool | None = None


@dataclass(frozen=True, slots=True)
class DocxStyles:
    """The styles and the numbering of one package; styles are named by their ids."""

    names: Mapping[str, str]
    formats: Mapping[str, CharacterFormat]
    numbering: Mapping[str, tuple[str, int] | None]
    """The list and the level that a style gives its paragraphs."""
    bullets: Mapping[tuple[str, int], bool]
    """Whether a level of a list is bulleted."""
    looks: Mapping[str, Looks]
    """How a style sets words, with those that it is based on."""
    text_looks: Looks
    """How words are set where no style says otherwise."""

    def find_name(self, id: str) -> str:
        """Return a style's name, in lower case and without spaces: programs write ids anew."""
        return self.names.get(id, fold_style_name(id))

    def find_format(self, id: str) -> CharacterFormat:
        """Return how a character style sets words, where that is an editor's to choose."""
        if self.find_name(id) in _OF_THE_WORDS:
            return CharacterFormat()
        return self.formats.get(id, CharacterFormat())

    def find_looks(self, named: str, paragraph: str) -> Looks:
        """Return how words in a character style are set in a paragraph's style."""
        around = self.looks.get(paragraph, {})
        return {**self.text_looks, **around, **self.looks.get(named, {})}

    def find_form(self, style: str, listed: tuple[str, int] | None) -> BlockForm:
        """Return what kind of block a paragraph is, by its style's id and its own numbering."""
        name = _PLACE.sub("", self.find_name(style))
        match = _LEVEL.fullmatch(name)
        level = int(match[2] or 1) if match else 0
        quoted = name in ("quote", "intensequote")
        if name.startswith("heading") or name == "title":
            return BlockForm("heading")
        listed = listed or self.numbering.get(style)
        if listed and listed[0] != "0":
            is_bullet = self.bullets.get(listed, True)  # a list that is not defined counts as one
            return BlockForm("bullet" if is_bullet else "number", listed[1] + 1, quoted)
        if match and match[1] == "listcontinue":
            return BlockForm("continued", level, quoted)
        return BlockForm(is_quoted=quoted)


def read_styles(package: Package) -> DocxStyles:
    """Read the styles and the numbering of a package."""
    root = package.parse_related("styles")
    found = root.iter(f"{W}style") if root is not None else ()
    styles = {style.get(f"{W}styleId", ""): style for style in found}
    chains = {id: _list_base_styles(id, styles) for id in styles}
    looks = {id: join_looks(s.find(f"{W}rPr") for s in chain) for id, chain in chains.items()}
    given = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr") if root is not None else None
    usual = next((id for id, style in styles.items() if _is_usual(style)), "")
    return DocxStyles(
        names={id: _read_style_name(id, style) for id, style in styles.items()},
        formats={id: _read_character_format(chain) for id, chain in chains.items()},
        numbering={
            id: _pick_first(read_numbering(s.find(f"{W}pPr")) for s in chain)
            for id, chain in chains.items()
        },
        bullets=_read_bullets(package.parse_related("numbering")),
        looks=looks,
        text_looks={**join_looks((given,)), **looks.get(usual, {})},
    )


def _is_usual(style: Any) -> bool:
    """Return whether a style is that of paragraphs which name none (§17.7.4.17)."""
    is_default = style.get(f"{W}default") in ("1", "true", "on")
    return is_default and style.get(f"{W}type") == "paragraph"


def _read_style_name(id: str, style: Any) -> str:
    name = style.find(f"{W}name")
    return fold_style_name(name.get(f"{W}val", id) if name is not None else id)


def _read_character_format(chain: Sequence[Any]) -> CharacterFormat:
    """Return what a style and those that it is based on say: of each property, the first."""
    strong, emphasis = (
        _pick_first(read_toggle(style.find(f"{W}rPr"), name) for style in chain)
        for name in ("b", "i")
    )
    return CharacterFormat(strong, emphasis)


def fold_style_name(name: str) -> str:
    """Return a style's name as it is compared."""
    return re.sub(r"[\s_-]+", "", name).lower()


def _list_base_styles(id: str, styles: Mapping[str, Any]) -> list[Any]:
    """Return a style and those that it is based on, each once."""
    chain: dict[str, Any] = {}
    while id in styles and id not in chain:
        chain[id] = styles[id]
        base = styles[id].find(f"{W}basedOn")
        id = base.get(f"{W}val", "") if base is not None else ""
    return list(chain.values())


def _pick_first(values: Iterable[T | None]) -> T | None:
    return next((value for value in values if value is not None), None)


def read_numbering(properties: Any | None) -> tuple[str, int] | None:
    """Return the list and the level that a paragraph's properties name."""
    found = properties.find(f"{W}numPr") if properties is not None else None
    number = found.find(f"{W}numId") if found is not None else None
    if found is None or number is None:
        return None
    level = found.find(f"{W}ilvl")
    depth = level.get(f"{W}val", "0") if level is not None else "0"
    return number.get(f"{W}val", "0"), int(depth) if depth.isdigit() else 0


def _read_bullets(root: Any | None) -> Mapping[tuple[str, int], bool]:
    """Return of each list and level whether it is bulleted."""
    abstract: dict[str, dict[int, bool]] = {}
    bullets: dict[tuple[str, int], bool] = {}
    for definition in root.iter(f"{W}abstractNum") if root is not None else ():
        levels = abstract.setdefault(definition.get(f"{W}abstractNumId", ""), {})
        for level in definition.iter(f"{W}lvl"):
            kind = level.find(f"{W}numFmt")
            depth = level.get(f"{W}ilvl", "0")
            if depth.isdigit():
                levels[int(depth)] = kind is None or kind.get(f"{W}val") in ("bullet", "none")
    for number in root.iter(f"{W}num") if root is not None else ():
        base = number.find(f"{W}abstractNumId")
        id = base.get(f"{W}val", "") if base is not None else ""
        for depth, is_bullet in abstract.get(id, {}).items():
            bullets[number.get(f"{W}numId", ""), depth] = is_bullet
    return bullets
