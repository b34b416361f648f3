"""The redline as PDF: a page that lists what changed, and bars beside it that touch nothing."""

from __future__ import annotations

import subprocess
from dataclasses import replace

import pytest

from pipeline.build import build_briefs
from pipeline.diagnostics import Findings
from pipeline.document.tree import map_children
from pipeline.render import change_bars, page_checks, pdf
from pipeline.render.engine import boxes
from pipeline.request import Request
from tests.support import specimen
from tests.support.command import brief
from tests.support.review_project import TEMPLATES, replace_texts, write_project
from tests.support.rich_article import write_rich

PAPERS = ("a4", "letter", "a5")


def mark_every(node, nth: int, seen: list[int]):
    """Mark one of so many nodes."""
    marked = map_children(node, lambda part: mark_every(part, nth, seen))
    if not hasattr(marked, "is_changed"):
        return marked
    seen[0] += 1
    return replace(marked, is_changed=seen[0] % nth == 0)


def check_bars(document, options) -> int:
    """Set pages and check that each changed line has a bar beside it, which touches nothing."""
    findings = Findings()
    found = 0
    with pdf.lay_out_pages(document, options, findings) as laid:
        change_bars.draw_change_bars(laid)
        pages = pdf.read_anchor_pages(laid)
        problems = list(page_checks.check_pages(laid, pages, document, options))
        assert [p for p in problems if p.code in ("covered", "off-page")] == []
        for page in laid.pages:
            box = page._page_box
            bars = [b for b in box.children if getattr(b, "at_keyword", "") == change_bars.AT]
            for line in iterate_changed_lines(box):
                found += 1
                middle = line.position_y + line.height / 2
                assert any(
                    bar.position_y <= middle <= bar.position_y + bar.height
                    and bar.position_x + bar.border_left_width <= line.position_x
                    for bar in bars
                ), getattr(line, "text", "a picture")
    return found


def iterate_changed_lines(box):
    for part in box.descendants(placeholders=True):
        if getattr(part, "element", None) is None or part.element.get(change_bars.CHANGED) is None:
            continue
        for line in part.descendants(placeholders=True):
            if isinstance(line, boxes.TextBox | boxes.ReplacedBox) and line.height:
                yield line


@pytest.mark.parametrize("nth", [1, 3])
@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.slow
def test_bars_stand_beside_every_kind_of_block_and_touch_nothing(paper, nth):
    document = mark_every(specimen.document(), nth, [0])

    assert check_bars(document, specimen.make_options(paper)) > 20


@pytest.mark.soak
@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("nth", [1, 2, 5])
def test_bars_touch_nothing_in_any_template_on_any_paper(tmp_path, template, paper, nth):
    project = write_rich(tmp_path)
    request = Request(
        project=project, out=project / "out", templates=(template,), formats=("pdf",), paper=paper
    )
    findings = Findings()
    (made,) = build_briefs.compose_briefs(
        request, build_briefs.load_articles(request, findings), findings
    ).briefs

    assert check_bars(mark_every(made.document, nth, [0]), made.options) > 5


def redline(tmp_path, template: str, changes, paper: str = "a4") -> str:
    """Make a redline of two editions; return the words of its first page."""
    house = f"name: A House\nwebsite: https://house.example\npaper: {paper}\n"
    for side, texts in (("old", replace_texts(())), ("new", replace_texts(tuple(changes)))):
        write_project(tmp_path / side, {**texts, "content/house.yaml": house})
    out = tmp_path / "made" / "changes.pdf"

    result = brief(
        tmp_path / "new",
        *("redline", str(tmp_path / "old/content/talk"), "content/talk"),
        *("-t", template, "-f", "pdf", "--out", str(out)),
    )

    assert (result.exit_code, result.stderr) == (0, "")
    command = ["pdftotext", "-l", "1", out, "-"]
    return " ".join(subprocess.run(command, capture_output=True, text=True).stdout.split())


@pytest.mark.slow
@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("template", TEMPLATES)
def test_a_redline_of_list_items_cells_and_notes_is_a_pdf(tmp_path, template, paper):
    changes = [
        ("article", "- Bread is old.", "- Bread is ancient."),
        ("article", "[^1]: A note on words.", "[^1]: A note on all words."),
        ("article", "affiliation: Bakery", "affiliation: Bakeries"),
        ("summary", "text: They bind,", "text: They do bind,"),
        ("summary", "text: More will follow.", "text: More will come."),
        ("summary", "term: Norm", "term: Norms"),
    ]

    text = redline(tmp_path, template, changes, paper)

    assert "affiliation reworded Before: Bakery Now: Bakeries" in text


def test_the_pdf_begins_with_what_changed(tmp_path):
    changes = [
        ("article", "Because words bind", "Since words bind"),
        (
            "article",
            "## ann\n\nMore words will come.\n\n## bob\n\nNobody knows what comes.\n",
            "## bob\n\nNobody knows what comes.\n\n## ann\n\nMore words will come.\n",
        ),
    ]

    text = redline(tmp_path, "per-question", changes)

    assert text.startswith("What changed since the last edition Question 1, Ann Archer – paragraph")
    assert "paragraph reworded Before: Because words bind" in text
    assert "Now: Since words bind" in text
    assert "Question 2, Bob Baker – answer moved From: behind Ann Archer To: at the" in text


def test_a_pdf_is_made_of_content(tmp_path):
    result = brief(write_project(tmp_path), "redline", "a.docx", "b.docx", "--format", "pdf")
    assert result.exit_code == 2
    assert "[no-content]" in result.stderr
