"""How words are set, by their run's properties (ECMA-376-1 §17.3.2)."""

from __future__ import annotations

from typing import Any, Final

from pipeline.review.edited_docx.style_reader import DocxStyles, read_toggle
from pipeline.review.words.tokens import PLAIN, WordStyle, add_link
from pipeline.word.ooxml import W

_OTHERS: Final = {
    "strike": "struck through",
    "dstrike": "struck through twice",
    "caps": "in capitals",
    "smallCaps": "in small capitals",
    "outline": "outlined",
    "shadow": "with a shadow",
    "emboss": "embossed",
    "imprint": "engraved",
    "vanish": "hidden",
}
_VALUED: Final = {
    "u": ("underlined", ("none",)),
    "highlight": ("highlighted", ("none",)),
    "vertAlign": ("raised or lowered", ("baseline",)),
    "color": ("coloured", ("auto",)),
}


def read_word_style(properties: Any, styles: DocxStyles, link: str) -> WordStyle:
    """Return how words are set, over what their paragraph's style says."""
    if properties is None:
        return add_link(PLAIN, link)
    base = styles.find_format(read_property_value(properties, "rStyle"))
    bold, italic = read_toggle(properties, "b"), read_toggle(properties, "i")
    others = [what for name, what in _OTHERS.items() if read_toggle(properties, name)]
    for name, (what, usual) in _VALUED.items():
        value = read_property_value(properties, name)
        if value and value not in usual and not (link and name in ("u", "color")):
            others.append(what)
    if properties.find(f"{W}rStyle") is None:  # with a style, it is how words are printed
        others += [what for what, on in (("bold", bold), ("italic", italic)) if on]
    style = WordStyle(
        strong=bool(base.strong if bold is None else bold),
        emphasis=bool(base.emphasis if italic is None else italic),
        others=tuple(others),
    )
    return add_link(style, link)


def read_property_value(properties: Any, name: str) -> str:
    """Return the value of a property; nothing where there is none."""
    found = properties.find(f"{W}{name}") if properties is not None else None
    return "" if found is None else str(found.get(f"{W}val", ""))
