"""A project whose briefs are sent to an editor, and what comes of an edited one."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pipeline.build import build_briefs
from pipeline.diagnostics import Findings
from pipeline.render.contract import load_renderer
from pipeline.request import Request
from pipeline.review.pull import pull_steps
from pipeline.review.pull.pull_steps import PullResult

HOUSE = "name: A House\nwebsite: https://house.example\n"
ARTICLE = """\
---
title: Small talk about words
short_title: Small talk
date: 2024-02-29
language: en-GB
authors:
  mo: {name: Mo Derator, bio: "Mo asks *plain* questions."}
experts:
  ann:   # she comes first
    name: Ann Archer
    descriptor: archer, Arch
    affiliation: Arch
  bob: {name: Bob Baker, affiliation: Bakery}
---

An introduction to the table.

# Why do words matter? {#q1}

## ann

Because words bind, and norms do too, as a rule.
Nobody doubts *this* much.

The second paragraph has a [link to it](https://example.org/a) and **strong words** in it.

- Bread is old.
- Salt is older.

Last words of Ann.[^1]

[^1]: A note on words.

## bob

It rests with the weather, rain or shine, on the day.

# What comes next? {#q2}

## ann

More words will come.

## bob

Nobody knows what comes.
"""
SUMMARY = """\
# The editor's own words.
standfirst: >-
  Two experts talk about words,
  and disagree a little.
bottom_line:
  text: Words bind people.   # for now
  evidence: [{answer: q1.ann, quote: "norms do too"}]
takeaways:
  - text: "Words do bind."
    evidence: [{answer: q1.ann, quote: "norms do too"}]
  - text: 'It isn''t always so.'
    evidence: [{answer: q1.bob, quote: "on the day"}]
  - text: More will follow.
    evidence: [{answer: q2.ann, quote: "words will come"}]
question_labels:
  q1: Words
  q2: Next
positions:
  q1:
    ann: {text: They bind, quote: norms do too}
    bob: {text: It depends, quote: on the day}
glossary:
  - term: Norm
    definition: What most people do.
"""
TEXTS = {
    "content/house.yaml": HOUSE,
    "content/talk/article.md": ARTICLE,
    "content/talk/summary.yaml": SUMMARY,
}
ARTICLE_FILE = "content/talk/article.md"
SHORT = {"article": "content/talk/article.md", "summary": "content/talk/summary.yaml"}
TEMPLATES = ("per-question", "per-expert", "policymaker-summary", "briefing-pack")
ANSWERS = ("per-question", "per-expert", "briefing-pack")
"""The templates that show whole answers."""


def write_project(folder: Path, texts: Mapping[str, str] = TEXTS) -> Path:
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def build_docx(project: Path, template: str, **narrowed) -> bytes:
    """Build one DOCX."""
    request = Request(
        project=project, out=project / "out", templates=(template,), formats=("docx",), **narrowed
    )
    findings = Findings()
    (brief,) = build_briefs.compose_briefs(
        request, build_briefs.load_articles(request, findings), findings
    ).briefs
    return load_renderer("docx")(brief.document, brief.options).data


_BUILT: dict[str, bytes] = {}


def get_docx(template: str, project: Path) -> bytes:
    """Return the DOCX of the project as it is written here, built once."""
    if template not in _BUILT:
        _BUILT[template] = build_docx(write_project(project), template)
    return _BUILT[template]


@cache
def replace_texts(changes: tuple[tuple[str, str, str], ...]) -> Mapping[str, str]:
    """Return the files with pieces replaced, each of which is there once."""
    texts = dict(TEXTS)
    for file, old, new in changes:
        name = SHORT[file]
        assert texts[name].count(old) == 1, old
        texts[name] = texts[name].replace(old, new)
    return texts


def pull_files(project: Path, *files: bytes, folder: Path | None = None, **options) -> PullResult:
    """Pull edited files, which are put into a folder, into the project as it is."""
    paths = []
    for number, data in enumerate(files):
        path = (folder or project) / f"edited{number or ''}.docx"
        path.write_bytes(data)
        paths.append(path)
    return pull_steps.run(pull_steps.PullRequest(project=project, files=tuple(paths), **options))


def merge_result(result: PullResult, before: Mapping[str, str] = TEXTS) -> Mapping[str, str]:
    """Return all the content's files after a pull; reviews aside."""
    changed = {name: text for name, text in result.after.items() if "/reviews/" not in name}
    return {**before, **changed}


def list_left_over(result) -> list[tuple[str, str]]:
    """Return what is left to a person, but for paragraphs: the outcome, and why."""
    return [
        (e.outcome, e.reason) for e in result.entries if e.is_left_over and e.kind != "paragraph"
    ]


def strip_places(reason: str) -> str:
    """Return a reason without the files and lines of the addresses in it."""
    return re.sub(r"content/[\w./-]+:\d+:\d+ \(([^)]+)\)", r"\1", reason)


def rewrite_article(project, old: str, new: str) -> None:
    """Change the article after the brief was built."""
    path = project / ARTICLE_FILE
    assert path.read_text("utf-8").count(old) == 1
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


def commit_project(project) -> None:
    for arguments in (
        ["init", "-q"],
        ["add", "content"],
        ["-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-qm", "One"],
    ):
        subprocess.run(["git", *arguments], cwd=project, check=True, capture_output=True)


def remove_manifest(editor) -> bytes:
    for name in [name for name in editor.parts if name.startswith("customXml/")]:
        del editor.parts[name]
    return editor.save()
