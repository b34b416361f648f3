"""How words are set, over what the style of their paragraph says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from pipeline.review.edited_docx.looks import (
    TOGGLES,
    VALUES,
    Looks,
    read_looks,
    read_property_value,
    read_toggle,
)
from pipeline.review.edited_docx.style_reader import DocxStyles
from pipeline.review.words.tokens import PLAIN, WordStyle

_OF_LINKS: Final = ("u@val", "color@val")
"""How a link is told from other words."""


def read_word_style(
    properties: Any, styles: DocxStyles, paragraph: str, *, is_linked: bool
) -> WordStyle:
    """Return how a run's properties set words; ``paragraph`` is the id of the style around them."""
    if properties is None:
        return PLAIN
    named = read_property_value(properties, "rStyle")
    usual = styles.find_looks(named, paragraph)
    base = styles.find_format(named)
    bold, italic = (_read_stress(properties, name, {} if named else usual) for name in ("b", "i"))
    others = list(_list_others(read_looks(properties), usual, styles, is_linked=is_linked))
    if not named:  # with a style, it is how words are printed
        others += [what for what, on in (("bold", bold), ("italic", italic)) if on]
    return WordStyle(
        strong=bool(base.strong if bold is None else bold),
        emphasis=bool(base.emphasis if italic is None else italic),
        others=tuple(others),
    )


def _read_stress(properties: Any, name: str, usual: Looks) -> bool | None:
    """Return whether words are bold, or italic; None where their style has it so, or nothing."""
    is_on = read_toggle(properties, name)
    return None if is_on and usual.get(f"{name}@val") == "1" else is_on


def is_look_kept(now: Any, before: Any, styles: DocxStyles, paragraph: str) -> bool:
    """Return whether two properties set words alike, in a paragraph whose style has an id."""
    looks = (
        {**styles.find_looks(read_property_value(each, "rStyle"), paragraph), **read_looks(each)}
        for each in (now, before)
    )
    named = (styles.find_name(read_property_value(each, "rStyle")) for each in (now, before))
    return next(looks) == next(looks) and next(named) == next(named)


def _list_others(
    looks: Looks, usual: Looks, styles: DocxStyles, *, is_linked: bool
) -> Iterator[str]:
    """Return what the content cannot hold; ``usual`` is what the styles say."""
    for name, what in TOGGLES.items():
        key = f"{name}@val"
        if looks.get(key) == "1" and usual.get(key) != "1":
            yield what
    for key, (what, off) in VALUES.items():
        value = looks.get(key)
        if value is None or value in off or (is_linked and key in _OF_LINKS):
            continue
        # Words in the look of running text are set back, and not set otherwise.
        if value not in (usual.get(key), styles.text_looks.get(key)):
            yield what
