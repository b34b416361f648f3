"""A small project to spoil: one article, `mini`, with its house and its summary."""

from pathlib import Path

import pytest

from pipeline.content import loader
from pipeline.content.model import Answer
from pipeline.diagnostics import Diagnostic, Problems
from pipeline.system.limits import DEFAULT_LIMITS, SourceLimits

ARTICLE_FILE = "content/mini/article.md"
MINI = {
    "house.yaml": "name: A House\n",
    "article.md": """\
---
title: Small talk
date: 2024-02-29
language: en-GB
experts:
  ann: {name: Ann Archer, affiliation: Arch}
  bob: {name: Bob Baker}
---

An introduction.

# Why do words matter? {#q1}

## ann

Because words bind, and norms do too.

## bob

It depends.
""",
    "summary.yaml": """\
standfirst: Two experts on words.
bottom_line:
  text: Words bind.
takeaways:
  - text: Words do bind.
    evidence: [{answer: q1.ann, quote: "words bind"}]
  - text: Norms bind.
    evidence: [{answer: q1.ann, quote: "norms do too"}]
  - text: Not always.
    evidence: [{answer: q1.ann, quote: "Because"}]
question_labels:
  q1: Words
positions:
  q1:
    ann: {text: They bind, quote: words bind}
""",
}
"""The files of the small project; tests name their lines and columns."""


def find_path(project: Path, name: str) -> Path:
    return project / "content" / (name if name == "house.yaml" else f"mini/{name}")


def join_speakers(answer: Answer) -> str:
    """Return the ids of those who gave an answer, joined by ``+``."""
    return "+".join(expert.id for expert in answer.experts)


def list_problems(
    project: Path, limits: SourceLimits = DEFAULT_LIMITS.sources
) -> tuple[Diagnostic, ...]:
    """Load the small project, which must be refused, and give what is wrong with it."""
    with pytest.raises(Problems) as caught:
        loader.load_content(project, "mini", limits=limits)
    return caught.value.diagnostics
