"""What stands at the head and the foot of every page: how far a brief may be passed on.

Labels of the Traffic Light Protocol are set as FIRST's standard, TLP 2.0, asks for: at the right,
in capitals of 12 pt or more, in the label's colour on black, with no space after the colon.
Other markings are plain.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from pipeline.diagnostics import make_problem
from pipeline.document import characters

COLOURS: Final[Mapping[str, str]] = {
    "TLP:RED": "#FF2B2B",
    "TLP:AMBER+STRICT": "#FFC000",
    "TLP:AMBER": "#FFC000",
    "TLP:GREEN": "#33FF00",
    "TLP:CLEAR": "#FFFFFF",
}
"""The labels of TLP 2.0, with the colour of their letters."""
BLACK, WHITE = "#000000", "#FFFFFF"
"""Labels stand on black; other markings are black on white, whatever a page's ground is."""
SIZE: Final = 12.0
"""Of all markings, in pt."""
MOST_CHARACTERS: Final = 60

_LABEL: Final = re.compile(r"tlp\b\s*:?\s*(.*)", re.IGNORECASE)


def read_marking(text: str) -> str:
    """Read a marking as a person wrote it.

    Raises Problems: ``unknown-marking`` for a label that TLP 2.0 does not have,
    ``bad-marking`` for what no page could show.
    """
    marking = " ".join(text.split())
    if match := _LABEL.fullmatch(marking):
        label = f"TLP:{''.join(match[1].split()).upper()}"
        if label not in COLOURS:
            raise make_problem(
                "unknown-marking",
                f"TLP 2.0 has no label `{marking}`",
                None,
                f"known: {', '.join(f'`{name}`' for name in COLOURS)}",
            )
        return label
    if not marking or len(marking) > MOST_CHARACTERS or characters.find_refused_character(marking):
        raise make_problem(
            "bad-marking",
            f"`{marking[:MOST_CHARACTERS]}` cannot stand at the head of a page",
            None,
            f"a marking has up to {MOST_CHARACTERS} characters, such as CONFIDENTIAL",
        )
    return marking
