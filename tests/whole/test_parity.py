"""The same words, in the same order, in every format of every template.

All formats are compared with the tree. PDF words come from the structure, where headers and
footers have no part; DOCX words from the XML; HTML words from the body.
"""

import json
import re
from typing import get_args

import pytest

from pipeline.document.tree import ROLES, Node, name_kind, walk
from pipeline.render.contract import FORMATS, load_renderer
from tests.support import outlines, specimen
from tests.support.docx_file import WordFile
from tests.support.read_outputs import (
    PlainPages,
    list_tree_blocks,
    read_docx_words,
    read_html_words,
    read_pdf_letters,
    read_pdf_pages,
    read_tree_letters,
    read_tree_words,
)

TEMPLATES = ("briefing-pack", "per-expert", "per-question", "policymaker-summary")


@pytest.fixture(scope="module")
def files(shipped, tmp_path_factory):
    """Returns the path of a brief in a format: of the specimen, or of the article in a template."""
    folder = tmp_path_factory.mktemp("out")

    def path(brief, name):
        brief, paper = brief.split(" on ")
        if brief != "specimen":
            return shipped(brief, paper, name)
        file = folder / f"{paper}.{FORMATS[name][0]}"
        if not file.exists():
            rendered = load_renderer(name)(specimen.document(), specimen.make_options(paper))
            file.write_bytes(rendered.data)
        return file

    return path


SHIPPED = [
    pytest.param(brief, marks=pytest.mark.slow)
    for brief in (*(f"{name} on a4" for name in TEMPLATES), "briefing-pack on a5")
]
# The scope has all that is asked of a brief asked one after the other.
each_shipped = pytest.mark.parametrize("brief", SHIPPED, scope="module")
each_brief = pytest.mark.parametrize(
    "brief", ["specimen on a4", "specimen on a5", *SHIPPED], scope="module"
)


def tree(files, brief):
    return json.loads(files(brief, "tree").read_text("utf-8"))


def test_the_specimen_has_every_kind_of_node_and_every_role():
    found = list(walk(specimen.document()))
    assert {type(node) for node in found} == set(get_args(Node))
    roles = {(name_kind(node), node.role) for node in found if getattr(node, "role", "")}
    assert roles == {(of, role) for of, known in ROLES.items() for role in known}


@each_brief
def test_html(files, brief):
    assert read_html_words(files(brief, "html").read_bytes()) == read_tree_words(tree(files, brief))


@each_brief
def test_docx(files, brief):
    assert read_docx_words(files(brief, "docx").read_bytes()) == read_tree_words(tree(files, brief))


@each_brief
def test_pdf(files, brief):
    path = files(brief, "pdf")
    assert read_pdf_letters(path) == read_tree_letters(tree(files, brief), read_pdf_pages(path))


def without_numbers(outline):
    """Leave page numbers and the numbers of notes out of a PDF's words, where they are printed."""
    return re.sub(r"\d", "", repr(outline))


@each_brief
def test_word_and_pdf_are_built_alike(files, brief):
    """The same outline, the same items at the same level, the same cells in the same rows."""
    meant = outlines.outline_tree(tree(files, brief))
    word = outlines.outline_docx(WordFile(files(brief, "docx").read_bytes()))
    assert word == meant
    pdf = outlines.outline_pdf(files(brief, "pdf"))
    assert [level for level, _ in pdf.headings] == [level for level, _ in meant.headings]
    assert without_numbers(pdf.headings) == without_numbers(meant.headings)
    assert without_numbers(pdf.tables) == without_numbers(meant.tables)
    assert len(pdf.notes) == len(meant.notes)
    assert [level for level, _ in pdf.items] == [level for level, _ in meant.items]
    for (_, shown), (_, first) in zip(pdf.items, meant.items, strict=True):
        assert shown.startswith(first)


@each_shipped
def test_headings_names_and_answers_stand_in_plain_text(files, article, brief):
    """As ``pdftotext`` gives it, with no knowledge of the structure."""
    within = (40, 512) if brief.endswith(" on a5") else ()
    pages = PlainPages(files(brief, "pdf"), *within)
    blocks = list(list_tree_blocks(tree(files, brief)))
    for name in [expert.name for expert in article.article.experts]:
        assert pages.find(name), name
    for heading in [text for _, role, text in blocks if role == "heading"]:
        assert pages.find(heading), heading
    answers = [text for *role, text in blocks if role == ["answer", "paragraph"]]
    assert len(answers) >= (0 if brief.startswith("policymaker-summary") else 25)
    places = [pages.find(text) for text in answers]
    assert places == sorted(place for place in places if place is not None)
