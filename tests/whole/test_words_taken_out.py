"""Words are taken out of each shipped template in turn, and the account of words sees it.

What a brief should print is told here by its words alone, of which each stands once in the content,
and not by their addresses.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from pipeline.build.account_of_words import find_lacking_words
from pipeline.content import loader
from pipeline.content.model import Content
from pipeline.content.views import select_views
from pipeline.diagnostics import Diagnostic, Problems
from pipeline.document.tree import to_full_text
from pipeline.templating.catalogue import TemplateCatalogue
from pipeline.templating.compose import compose
from tests.support.paths import ROOT
from tests.support.worded_project import LISTS, SAID, write_worded_project

TEMPLATES = ("per-question", "per-expert", "policymaker-summary", "briefing-pack")
MACROS = "_shared/macros.html.j2"
EXPRESSION = re.compile(r"\{\{-?\s.*?\s-?\}\}")
LOOP = re.compile(r"(\{%-? for [\w, ]+ in )(.*?)((?: if .*?)? -?%\})")


def list_mutations(text: str) -> Iterator[tuple[str, str]]:
    """Yield a template with one thing less, each with the line that was changed."""
    for found in EXPRESSION.finditer(text):
        yield _describe(text, found, "without"), _replace(text, found, "")
    for found in LOOP.finditer(text):
        for rest in ("[1:]", "[:1]"):
            loop = f"{found[1]}(({found[2]})|list){rest}{found[3]}"
            yield _describe(text, found, rest), _replace(text, found, loop)


def _describe(text: str, found: re.Match[str], how: str) -> str:
    return f"{how}, line {text.count(chr(10), 0, found.start()) + 1}: {found[0]}"


def _replace(text: str, found: re.Match[str], new: str) -> str:
    return text[: found.start()] + new + text[found.end() :]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_worded_project(tmp_path_factory.mktemp("worded"))


@cache
def load(project: Path) -> Content:
    return loader.load_content(project, "talk")


def print_brief(project: Path, template: str) -> tuple[str, tuple[Diagnostic, ...]] | None:
    """Return a brief's words and what it lacks; None where it is refused for something else."""
    content = load(project)
    (view,) = select_views(content)
    catalogue = TemplateCatalogue(project)
    found = catalogue.get_template(template)
    try:
        document = compose(catalogue.render_view(found, view, content), {}, lambda *_: None)  # type: ignore[arg-type]
    except Problems:
        return None
    lacking = find_lacking_words(template, found.spec.leaves_out, view, content, document)
    return to_full_text(document.children), lacking


def find_losses(words: str, template: str) -> list[str]:
    """Return the words that a brief should hold and does not."""
    said = {} if template == "policymaker-summary" else SAID
    lost = [word for part in said.values() for word in part if word not in words]
    for group in LISTS:
        if any(word in words for word in group):
            lost += [word for word in group if word not in words]
    return lost


@pytest.mark.slow
@pytest.mark.parametrize("changed", ["document", "macros"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_what_is_taken_out_of_a_shipped_template_is_missed(template, changed, project, tmp_path):
    shutil.copytree(project, tmp_path, dirs_exist_ok=True)
    shipped, own = ROOT / "templates", tmp_path / "templates"
    name = MACROS if changed == "macros" else f"{template}/document.html.j2"
    (own / name).parent.mkdir(parents=True)
    if changed == "document":
        shutil.copy(shipped / template / "template.yaml", own / template)
    whole = print_brief(project, template)
    assert whole is not None
    assert whole[1] == ()
    assert find_losses(whole[0], template) == []

    missed = 0
    for what, text in list_mutations((shipped / name).read_text("utf-8")):
        (own / name).write_text(text, "utf-8")
        if (printed := print_brief(tmp_path, template)) is None:
            continue
        words, lacking = printed
        lost = find_losses(words, template)
        assert bool(lost) <= bool(lacking), f"{what}: lost {lost}"
        if words == whole[0]:
            assert not lacking, f"{what}: {lacking}"
        missed += bool(lost)
    # Its own document takes every list from a macro, whole.
    assert missed or (template, changed) == ("policymaker-summary", "document")
