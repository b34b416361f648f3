"""A small project to print templates in, and short ways to print and to be refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pytest

from pipeline.content import loader
from pipeline.content.model import Content
from pipeline.content.views import select_views
from pipeline.diagnostics import Diagnostic, Location, Problems
from pipeline.document.tree import Document, Text, walk
from pipeline.system.limits import DEFAULT_LIMITS, TemplateLimits
from pipeline.templating import catalogue
from pipeline.templating.compose import compose
from pipeline.templating.provenance_marks import RenderedHtml

Found = TypeVar("Found")
HOSTILE = "a<b>c &amp\"' {{ 7 * 7 }} {% x %} ]]> <3 --> &lt \\ %s $HOME"

HOUSE = """\
name: House of Words
website: https://words.example
contacts: [{name: Desk, email: desk@words.example}]
language: en-GB
paper: a4
"""

ARTICLE = f"""\
---
title: Words that matter
short_title: Words
series: {{name: The Small Table, note: "A *series* of tables."}}
date: 2024-05-06
language: en-GB
authors:
  lee: {{name: Lee Author, bio: "Lee *writes*."}}
topics: [Tests, Proofs]
experts:
  ada: {{name: Ada Alpha, descriptor: "director, Alpha & Co", affiliation: Alpha & Co}}
  bo: {{name: Bo Beta, affiliation: '{HOSTILE.replace("'", "''")}'}}
---

Opening words with *stress*.

# What is said? {{#q1}}

## ada

First words of Ada.

Second words, **strong** ones.

## bo

Words of Bo[^1].

[^1]: A note of Bo.

# What is done? {{#q2}}

## bo {{quotes=none}}

- A deed
- Another deed
"""

SUMMARY = """\
standfirst: Two experts on words.
bottom_line:
  text: Words matter.
  evidence: [{answer: q1.ada, quote: "First words"}]
takeaways:
  - {text: Ada speaks., evidence: [{answer: q1.ada, quote: "words of Ada"}]}
  - {text: Bo speaks., evidence: [{answer: q1.bo, quote: "Words of Bo"}]}
  - {text: Bo acts., evidence: [{answer: q2.bo, quote: "A deed"}]}
question_labels: {q1: Saying, q2: Doing}
positions:
  q1: {ada: {text: For words, quote: First words}}
glossary:
  - {term: Word, definition: A thing said., evidence: [{answer: q1.ada, quote: "First words"}]}
"""

PAGE = """\
<html lang="en-GB"><head><title>A title</title></head>
<body>
{body}
</body></html>
"""
"""A whole template; its body begins on line 3."""

DRAFT = """\
<html lang="en-GB"><head><title>{{ article.title }}</title></head>
<body>
<h1>{{ article.title }}</h1>
{{ article.introduction }}{% for question in questions %}
<h2>{{ question.text }}</h2>
{% for answer in question.answers %}{{ answer.blocks }}{% endfor %}
{% endfor %}
</body></html>
"""
"""A template that is quick to print."""

AT = "templates/own/document.html.j2"


def write_project(folder: Path, slug: str = "words") -> Path:
    """Write a project of one article, with no templates."""
    article = folder / "content" / slug
    article.mkdir(parents=True)
    (folder / "content" / "house.yaml").write_text(HOUSE, "utf-8")
    (article / "article.md").write_text(ARTICLE, "utf-8")
    (article / "summary.yaml").write_text(SUMMARY, "utf-8")
    return folder


def write_template(project: Path, name: str, document: str = "", spec: str = "") -> Path:
    """Write a template; without a document it has only its template.yaml."""
    folder = project / "templates" / name
    folder.mkdir(parents=True, exist_ok=True)
    described = f"title: {name.title()}\ndescription: A {name} brief.\n{spec}"
    (folder / "template.yaml").write_text(described, "utf-8")
    if document:
        (folder / "document.html.j2").write_text(document, "utf-8")
    return folder


def write_draft_project(folder: Path, spec: str = "splits: [question, expert]\n") -> Path:
    """Write a project with a template of its own that is quick to print, `draft`."""
    write_project(folder)
    write_template(folder, "draft", DRAFT, spec)
    return folder


class Bench:
    """A project whose template ``own`` is written, printed and composed anew each time."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.content: Content = loader.load_content(project, "words")

    def file(self, name: str, text: str) -> None:
        """Write a file below templates/."""
        path = self.project / "templates" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def print_template(self, document: str, spec: str = "", **chosen: Any) -> RenderedHtml:
        """Print a whole template."""
        write_template(self.project, "own", document, spec)
        templates = catalogue.TemplateCatalogue(self.project)
        (view,) = select_views(self.content, **chosen)
        return templates.render_view(templates.get_template("own"), view, self.content)

    def document(
        self,
        document: str,
        spec: str = "",
        *,
        limits: TemplateLimits = DEFAULT_LIMITS.templates,
        **chosen: Any,
    ) -> Document:
        """Print a whole template and compose it."""

        def asset(reference: str, at: Location | None) -> Any:
            raise Problems([Diagnostic("image-missing", f"no image `{reference}`", at)])

        printed = self.print_template(document, spec, **chosen)
        return compose(printed, self.content.images, asset, limits)

    def body(self, body: str, spec: str = "", **chosen: Any) -> Document:
        """Compose a template of which only the body is of interest."""
        return self.document(PAGE.replace("{body}", body), spec, **chosen)

    def catch_refusal(self, body: str, **given: Any) -> tuple[Diagnostic, ...]:
        """Give the diagnostics with which a body is refused."""
        return self.catch_whole_refusal(PAGE.replace("{body}", body), **given)

    def catch_whole_refusal(self, document: str, **given: Any) -> tuple[Diagnostic, ...]:
        """Give the diagnostics with which a whole template is refused."""
        with pytest.raises(Problems) as caught:
            self.document(document, **given)
        return caught.value.diagnostics


def list_texts(document: Document) -> Iterator[tuple[str, str | None]]:
    """Yield the words of a Document piece by piece, each with its address."""
    for node in walk(document):
        if isinstance(node, Text):
            yield node.text, node.source


def get_only(found: Sequence[Found]) -> Found:
    """Return the only one there is, most often a diagnostic."""
    assert len(found) == 1, found
    return found[0]
