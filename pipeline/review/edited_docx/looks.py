"""How run properties set words (ECMA-376-1 §17.3.2), and what they say over their styles (§17.7.2).

Programs write out what a style says as well: what a run has in common with its styles is no
choice of an editor's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias

from pipeline.word.ooxml import W

Looks: TypeAlias = Mapping[str, str]
"""Properties with what they are set to, by element and attribute: ``color@val``."""
TOGGLES: Final = {
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
"""What is on or off (§17.7.3) and the content cannot hold."""
_SWITCHES: Final = frozenset((*TOGGLES, "b", "i"))
VALUES: Final = {
    "u@val": ("underlined", ("none",)),
    "highlight@val": ("highlighted", ("none",)),
    "shd@fill": ("shaded", ("auto",)),
    "vertAlign@val": ("raised or lowered", ("baseline",)),
    "color@val": ("coloured", ("auto",)),
    "sz@val": ("of another size", ()),
}
"""What the content cannot hold, with the values that say nothing."""
_UNSEEN: Final = frozenset(
    "rStyle rPrChange lang kern noProof bCs iCs szCs cs rtl ins del moveFrom moveTo".split()
)
"""Properties that no reader sees in Latin letters, and what stands among them."""
_OF_THEMES: Final = ("theme", "Theme", "hint", "cs", "eastAsia")
"""Attributes that name what another one gives, or that set other letters than Latin ones."""


def read_looks(properties: Any | None) -> dict[str, str]:
    """Return what run properties set."""
    looks: dict[str, str] = {}
    for child in properties if properties is not None else ():
        tag = str(child.tag).removeprefix(W)
        if tag in _UNSEEN:
            continue
        if tag in _SWITCHES:
            looks[f"{tag}@val"] = str(int(bool(read_toggle(properties, tag))))
            continue
        for name, value in child.attrib.items():
            attribute = str(name).removeprefix(W)
            if not any(part in attribute for part in _OF_THEMES):
                looks[f"{tag}@{attribute}"] = str(value)
    if "color@val" in looks:
        looks["color@val"] = looks["color@val"].removeprefix("#").lower()
    return looks


def join_looks(properties: Iterable[Any | None]) -> Looks:
    """Return what several properties set; the first that says something counts."""
    joined: dict[str, str] = {}
    for each in properties:
        joined = read_looks(each) | joined
    return joined


def read_toggle(properties: Any | None, name: str) -> bool | None:
    """Return whether a property is on or off (§17.17.4); None where it is not given."""
    toggle = properties.find(f"{W}{name}") if properties is not None else None
    off = ("0", "false", "off", "none")
    return None if toggle is None else toggle.get(f"{W}val", "true") not in off


def read_property_value(properties: Any, name: str) -> str:
    """Return the value of a property; nothing where there is none."""
    found = properties.find(f"{W}{name}") if properties is not None else None
    return "" if found is None else str(found.get(f"{W}val", ""))
