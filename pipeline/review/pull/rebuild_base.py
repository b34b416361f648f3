"""What a brief said, made again from a git revision, for a file that does not say it itself."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pipeline.build import build_briefs
from pipeline.build.typeset import Brief
from pipeline.diagnostics import Findings, Location, Problems, make_problem
from pipeline.project.choices import Split
from pipeline.render.contract import load_renderer
from pipeline.request import Request
from pipeline.review import git
from pipeline.review.edited_docx.reader import EditedDocx
from pipeline.review.match import sent_brief
from pipeline.review.words.tokens import Word
from pipeline.word.opc import open_package

LEAST: Final = 0.5
"""The share of words that a brief has in common with the file that was made of it."""


def rebuild_sent_brief(project: Path, revision: str, edited: EditedDocx) -> sent_brief.SentBrief:
    """Make the briefs of a revision again, and give what the one most like the file said.

    Raises Problems: ``unknown-revision``, or ``no-such-brief`` when none is like it.
    """
    lines = edited.rejected.list_lines(edited.paragraphs)
    words = Counter(word.text for line in lines for word in line.words)
    best: sent_brief.SentBrief | None = None
    most = 0.0
    with tempfile.TemporaryDirectory(prefix="brief-") as name:
        folder = Path(name)
        git.checkout_revision(project, revision, folder)
        for brief in _iterate_briefs(folder):
            made = load_renderer("docx")(brief.document, brief.options).data
            carried = sent_brief.read_sent_brief(open_package(made, edited.name))
            said = Counter(
                token.text for b in carried.blocks for token in b.tokens if isinstance(token, Word)
            )
            likeness = 2 * (said & words).total() / max(1, said.total() + words.total())
            if likeness > most:
                best, most = carried, likeness
    if best is None or most < LEAST:
        raise make_problem(
            "no-such-brief",
            f"no brief of revision `{revision}` is like the file",
            Location(edited.name),
            "name the revision that the file was built from",
        )
    return best


def _iterate_briefs(project: Path) -> Iterator[Brief]:
    """Compose every brief of a project, whole and in parts."""
    splits: tuple[Split | None, ...] = (None, "question", "expert")
    for split in splits:
        order = Request(project=project, out=project / "out", formats=("docx",), split=split)
        findings = Findings()
        try:
            yield from build_briefs.compose_briefs(
                order, build_briefs.load_articles(order, findings), findings
            ).briefs
        except Problems:
            if split is None:
                raise
