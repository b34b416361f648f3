"""What a brief said, made again from a git revision, for a file that does not say it itself."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from pipeline.build import build_briefs
from pipeline.build.typeset import Brief
from pipeline.diagnostics import Findings, Location, Problems, make_problem
from pipeline.project.choices import Split
from pipeline.render.contract import load_renderer
from pipeline.request import Request
from pipeline.review import git
from pipeline.review.edited_docx.reader import EditedDocx
from pipeline.review.match.manifest_reader import read_sent_brief
from pipeline.review.match.paragraph_match import LIKE, measure_likeness
from pipeline.review.match.sent_brief import SentBrief
from pipeline.review.words.tokens import Word
from pipeline.system.limits import DEFAULT_LIMITS, Limits
from pipeline.word.opc import open_package


def rebuild_sent_brief(
    project: Path, revision: str, edited: EditedDocx, limits: Limits = DEFAULT_LIMITS
) -> SentBrief:
    """Make the briefs of a revision again, and give what the one most like the file said.

    Raises Problems: ``unknown-revision``, or ``no-such-brief`` when none is like it.
    """
    lines = edited.rejected.list_lines(edited.paragraphs)
    words = [word.text for line in lines for word in line.words]
    best: SentBrief | None = None
    most = 0.0
    with tempfile.TemporaryDirectory(prefix="brief-") as name:
        folder = Path(name)
        git.checkout_revision(project, revision, folder)
        for brief in _iterate_briefs(folder, limits):
            docx = load_renderer("docx")(brief.document, brief.options).data
            sent = read_sent_brief(open_package(docx, edited.name, limits.packages))
            tokens = (token for block in sent.blocks for token in block.tokens)
            likeness = measure_likeness(words, (t.text for t in tokens if isinstance(t, Word)))
            if likeness > most:
                best, most = sent, likeness
    if best is None or most < LIKE:
        raise make_problem(
            "no-such-brief",
            f"no brief of revision `{revision}` is like the file",
            Location(edited.name),
            "name the revision that the file was built from",
        )
    return best


def _iterate_briefs(project: Path, limits: Limits) -> Iterator[Brief]:
    """Compose every brief of a project, whole and in parts."""
    splits: tuple[Split | None, ...] = (None, "question", "expert")
    for split in splits:
        request = Request(
            project=project, out=project / "out", formats=("docx",), split=split, limits=limits
        )
        findings = Findings()
        try:
            loaded = build_briefs.load_articles(request, findings)
            briefs = build_briefs.compose_briefs(request, loaded, findings).briefs
            findings.stop_on_errors()
            yield from briefs
        except Problems:
            if split is None:
                raise
