"""What a font file says of itself: its kind, and the families that it is of (OpenType 1.9)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_TRUETYPE: Final = b"\0\1\0\0"
_FAMILY_NAMES: Final = (16, 21, 1)
"""Names of families in the table `name` (§name): of all cuts, of those of one width, of four."""


@dataclass(frozen=True, slots=True)
class FontFile:
    """A font file, as far as a theme has to know it."""

    is_static: bool
    """Whether it is a TrueType font of one weight and one slope."""
    families: tuple[str, ...] = ()
    """The names of its family, the widest first."""

    def is_of(self, family: str) -> bool:
        """Whether the font says that it is of a family."""
        return family.casefold() in map(str.casefold, self.families)


def read_font_file(path: Path) -> FontFile:
    """Read a font file's table directory (§otff) and its names. Raises OSError."""
    data = path.read_bytes()
    try:
        tables = {
            tag: data[offset : offset + length]
            for tag, _, offset, length in struct.iter_unpack(
                ">4sIII", data[12 : 12 + 16 * int.from_bytes(data[4:6], "big")]
            )
        }
        is_static = data[:4] == _TRUETYPE and b"fvar" not in tables
        return FontFile(is_static, _read_families(tables.get(b"name", b"")))
    except struct.error:  # it ends in the middle of something
        return FontFile(is_static=False)


def _read_families(table: bytes) -> tuple[str, ...]:
    """Return the families in a table of names, each once."""
    if not table:
        return ()
    _, count, start = struct.unpack_from(">HHH", table)
    found: list[tuple[int, str]] = []
    for number in range(count):
        platform, _, _, name, length, offset = struct.unpack_from(">6H", table, 6 + 12 * number)
        if name in _FAMILY_NAMES:
            written = table[start + offset : start + offset + length]
            encoding = "mac-roman" if platform == 1 else "utf-16-be"
            found.append((_FAMILY_NAMES.index(name), written.decode(encoding, "replace")))
    return tuple(dict.fromkeys(family for _, family in sorted(found)))
