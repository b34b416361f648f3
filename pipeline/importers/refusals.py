"""What is no roundtable, with the evidence."""

from __future__ import annotations

import re

from pipeline.diagnostics import Location, Problems, make_problem
from pipeline.importers.blocks import Kind
from pipeline.importers.scene import Scene


def refuse_columns(scene: Scene) -> None:
    """Raise Problems for two columns that were copied side by side."""
    raw = [line for line in scene.reading.raw if line.strip()]
    gaps = [match.start() for line in raw if (match := re.search(r"(?<=\S)\s{4,}(?=\S)", line))]
    if len(gaps) >= 4 and len(gaps) * 3 > len(raw):
        share = f"{len(gaps)} of {len(raw)} lines"
        raise make_problem(
            "not-a-roundtable",
            f"this looks like two columns side by side: {share} have a wide gap within",
            Location(scene.file),
            "copy the text column by column, or import the page as HTML or Word",
        )


def nobody_speaks(scene: Scene) -> Problems:
    """Say why nobody is found who speaks."""
    rows = sum(block.kind is Kind.ROW for block in scene.blocks)
    seen = [
        f"“{label.text[:40]}” ({scene.blocks[label.block].line})"
        for label in scene.speakers.unknown
    ]
    evidence = [
        "no speaker’s label recurs, names somebody of the text or stands alone before speech",
        f"looked at: {', '.join(seen[:5])}" if seen else "no line has the shape of a label",
    ]
    if rows:
        evidence.append(f"{rows} lines are rows of a table")
    return make_problem(
        "not-a-roundtable",
        f"nobody is found who speaks: {'; '.join(evidence)}",
        Location(scene.file, scene.blocks[0].line if scene.blocks else 0),
        "a speaker’s name stands before what is said, "
        "such as “Ana Ruiz, director:” and then “Ruiz:”",
    )


def refuse_programme(scene: Scene) -> None:
    """Raise Problems for names with titles of talks behind them: nobody says anything."""
    said = [" ".join(block.text for block in turn.blocks) for turn in scene.made.turns]
    sentences = [text for text in said if re.search(r"[.!?…—-][\"”’»)\]]*$", text)]
    if len(said) > 2 and len(sentences) * 3 < len(said):
        raise make_problem(
            "not-a-roundtable",
            "names are found, but nobody says a sentence: this looks like a programme",
            Location(scene.file),
            f"the first one: “{said[0][:60]}”",
        )
