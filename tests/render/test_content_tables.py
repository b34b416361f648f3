"""A table of an article is a table in every format, with a head that screen readers know."""

import json

import pikepdf
import pytest

from pipeline.api import Project
from tests.support import outlines
from tests.support.docx_file import WordFile, get_style, has_property
from tests.support.pdf_file import find_elements
from tests.support.read_outputs import W, read_docx_words, read_html_words, read_tree_words
from tests.support.review_project import ARTICLE, ARTICLE_FILE, TEXTS, write_project

TABLE = "| port | berths | |\n|:--|--:|:-:|\n| *Rønne* | 1 | a \\| b[^9] |\n| Ystad | 22 |\n"
WITH_TABLES = ARTICLE.replace(
    "Nobody knows what comes.\n", f"Nobody knows what comes.\n\n{TABLE}\n[^9]: A note.\n"
)
CELLS = [["port", "berths", ""], ["Rønne", "1", "a|b"], ["Ystad", "22", ""]]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    def build(*formats):
        folder = tmp_path_factory.mktemp("tables")
        write_project(folder, {**TEXTS, ARTICLE_FILE: WITH_TABLES})
        Project(folder).build(templates=("per-question",), formats=formats)
        return {path.suffix: path for path in (folder / "out" / "talk").iterdir()}

    return build


@pytest.fixture(scope="module")
def words(built):
    return built("html", "docx", "tree")


def test_every_format_says_the_same(words):
    tree = json.loads(words[".json"].read_text("utf-8"))

    assert read_html_words(words[".html"].read_bytes()) == read_tree_words(tree)
    assert read_docx_words(words[".docx"].read_bytes()) == read_tree_words(tree)
    assert outlines.outline_tree(tree).tables == [CELLS]


def test_html_has_a_head_of_columns(words):
    html = words[".html"].read_text("utf-8")

    assert '<th scope="col">port</th><th scope="col">berths</th>' in html


def test_word_has_a_row_that_comes_again_on_each_page(words):
    file = WordFile(words[".docx"].read_bytes())
    table = next(t for t in file.body.iter(f"{W}tbl") if "Ystad" in "".join(t.itertext()))
    rows = table.findall(f"{W}tr")

    assert [has_property(row, "trPr/tblHeader") for row in rows] == [True, False, False]
    styles = [{get_style(p) for p in row.iter(f"{W}p")} for row in rows]
    assert styles == [{"TableHeading"}, {"TableText"}, {"TableText"}]


@pytest.mark.slow
def test_a_pdf_has_a_table_whose_cells_know_their_heads(built):
    path = built("pdf")[".pdf"]

    assert outlines.outline_pdf(path).tables == [[CELLS[0], ["Rønne", "1", "a|b2"], CELLS[2]]]
    with pikepdf.open(path) as file:
        heads = {str(head.ID): str(head.A.Scope) for head in find_elements(file, "/TH")}
        assert set(heads.values()) == {"/Column"}
        for cell in find_elements(file, "/TD"):
            assert [str(name) in heads for name in cell.A.Headers] == [True]
