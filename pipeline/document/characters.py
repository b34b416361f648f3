"""Which characters a brief may hold.

Some characters cannot stand in XML, some are invisible and would make two
formats hold different words, and some are used as marks between a template and
compose. They are refused where they are read, with their place.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

PASTED: Final = "\u00ad\u200b\ufeff"
"""Characters that show nothing and come along when words are pasted: soft hyphen, zero widths."""

REFUSED: Final = re.compile(
    "["
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # controls; XML 1.0 §2.2 has no place for most
    f"{PASTED}"  # some formats would show them; typesetting hyphenates by itself
    "\u2028\u2029"  # line and paragraph separator
    "\u202a-\u202e\u2066-\u2069"  # bidirectional overrides: text that reads unlike its bytes
    "\ue000-\uf8ff\ufdd0-\ufdef\ufff9-\uffff"  # private use, noncharacters, specials
    "\ud800-\udfff"  # lone surrogates
    "\U000f0000-\U0010ffff"  # private use planes
    "]"
    "|[" + "".join(chr(p * 0x10000 + end) for p in range(1, 15) for end in (0xFFFE, 0xFFFF)) + "]"
)


def name_character(character: str) -> str:
    """Return a character in words for a person: its code point and, where it has one, its name."""
    known = unicodedata.name(character, "")
    return f"U+{ord(character):04X}" + (f" {known.lower()}" if known else "")


def find_refused_character(text: str) -> str | None:
    """Return the name of the first character that a brief may not hold, or None."""
    match = REFUSED.search(text)
    return name_character(match.group()) if match else None
