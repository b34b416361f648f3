"""A project of two articles and three templates, and what a build of it renders."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline.build import typeset
from pipeline.render.contract import Rendered
from pipeline.request import Request
from tests.support import specimen
from tests.support.workbench import ARTICLE, DRAFT, write_project, write_template

HEIR = """\
{% extends "base/document.html.j2" %}
{% import "heir/outer.j2" as outer %}
{% block more %}{{ outer.say() }}{% include "heir/part.j2" %}
{% include "heir/later.j2" ignore missing %}
{% include ["heir/first.j2", "heir/second.j2"] %}
<figure><img src="mark.png" alt="A mark"></figure>{% endblock %}
"""
BASE = DRAFT.replace("</body>", "{% block more %}{% endblock %}</body>")
OUTER = '{% from "heir/inner.j2" import word %}{% macro say() %}<p>{{ word() }}</p>{% endmacro %}'
INNER = "{% macro word() %}A word.{% endmacro %}"
OWN = ("base", "heir", "other")
ALL = {f"{article}-{template}" for article in ("words", "more") for template in OWN}
WORDS = {name for name in ALL if name.startswith("words")}
HEIRS = {name for name in ALL if name.endswith("heir")}
BASES = {name for name in ALL if not name.endswith("other")}


def write_two_articles(folder: Path) -> Path:
    """Write two articles and three templates: `base`, `heir` that extends it, and `other`."""
    write_project(folder)
    write_project(folder / "elsewhere", "more")
    (folder / "elsewhere/content/more").rename(folder / "content/more")
    shutil.rmtree(folder / "elsewhere")
    write_template(folder, "base", BASE)
    heir = write_template(folder, "heir", HEIR, "extends: base\n")
    write_template(folder, "other", DRAFT, "splits: [question]\n")
    for name, text in {"outer": OUTER, "inner": INNER, "part": "<p>.</p>", "second": ""}.items():
        (heir / f"{name}.j2").write_text(text, "utf-8")
    (heir / "print.css").write_text("p { margin-top: 1pt }", "utf-8")
    (folder / "templates/base/mark.png").write_bytes(specimen.picture().data)
    image = folder / "content/words/map.png"
    image.write_bytes(specimen.picture().data)
    article = folder / "content/words/article.md"
    article.write_text(ARTICLE.replace("Second words", "![A map](map.png)\n\nSecond words"))
    return folder


def count_rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Put a quick renderer in each place; return the formats it renders, one for each time."""
    count: list[str] = []

    def counting(name):
        def render(document, options):
            count.append(name)
            return Rendered(f"{name} {options.paper} {document}".encode())

        return render

    monkeypatch.setattr(typeset, "load_renderer", counting)
    return count


def make_request(project: Path, **options) -> Request:
    given = {"templates": OWN, "formats": ("html", "tree"), **options}
    return Request(project=project, out=project / "out", **given)


def append_text(path: Path, text: str) -> None:
    path.write_text(path.read_text("utf-8") + text, "utf-8")
