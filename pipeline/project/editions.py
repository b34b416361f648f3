"""The schemas of what brief leaves behind, and what it does with records of other editions.

A schema is raised when a reader of today would misread what is written tomorrow. Records of the
first edition have 1 and stay readable for good; tests/outputs/first_edition holds some.

========== ====== =============================================== =============================
record     schema of an earlier edition                           of a later one, or of none
========== ====== =============================================== =============================
manifest   2      its files are stale, and an edited one is known nothing is listed: no file at a
                                                                  target's path is written over
cache      2      ignored                                         ignored
docx       1      ``brief pull`` brings it back                   ``brief pull`` refuses it
archive    2      ``brief extract`` takes it out                  ``brief extract`` refuses it
========== ====== =============================================== =============================
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

Record: TypeAlias = Literal["manifest", "cache", "docx", "archive"]
Edition: TypeAlias = Literal["own", "earlier", "unknown"]

SCHEMAS: Final[Mapping[Record, int]] = {"manifest": 2, "cache": 2, "docx": 1, "archive": 2}
"""What is written today."""


def find_edition(record: Record, schema: object) -> Edition:
    """Return of which edition a record is that says to have a schema."""
    own = SCHEMAS[record]
    if type(schema) is not int or not 1 <= schema <= own:
        return "unknown"
    return "own" if schema == own else "earlier"
