"""The output intent: which colours a file's colours are (ISO 32000-1 §14.11.5).

PDF/A and PDF/X ask for one, with its profile in the file (ISO 19005-2 §6.2.3; ISO 15930-7,
clause 6). Both conditions are named as the ICC's registry has them.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline.render.engine import pydyf
from pipeline.render.finish.pdf_objects import PDF, add_object


@dataclass(frozen=True, slots=True)
class OutputIntent:
    """A condition that pages are shown or printed in."""

    subtype: str
    identifier: str
    condition: str
    profile: Path
    components: int


_FOLDER: Final = Path(__file__).with_name("icc")
SRGB: Final = OutputIntent(
    "/GTS_PDFA1",
    "sRGB IEC61966-2.1",
    "A screen, IEC 61966-2-1",
    _FOLDER / "sRGB2014.icc",
    3,
)
COATED: Final = OutputIntent(
    "/GTS_PDFX",
    "FOGRA39",
    "Offset on coated paper, ISO 12647-2:2004",
    _FOLDER / "ISOcoated_v2_300_bas.icc",
    4,
)


def set_output_intent(pdf: PDF, intent: OutputIntent) -> None:
    """Name the condition and embed its profile."""
    # pydyf would compress it five times as long, to save half a percent of a megabyte.
    data = zlib.compress(intent.profile.read_bytes())
    extra = pydyf.Dictionary({"N": intent.components, "Filter": "/FlateDecode"})
    profile = pydyf.Stream([data], extra)
    entries = {
        "Type": "/OutputIntent",
        "S": intent.subtype,
        "OutputConditionIdentifier": pydyf.String(intent.identifier),
        "OutputCondition": pydyf.String(intent.condition),
        "RegistryName": pydyf.String("http://www.color.org"),
        "Info": pydyf.String(f"{intent.condition}: {intent.profile.name}"),
        "DestOutputProfile": add_object(pdf, profile),
    }
    pdf.catalog["OutputIntents"] = pydyf.Array([pydyf.Dictionary(entries)])
