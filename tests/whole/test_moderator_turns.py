"""What a moderator says between the answers is printed, where it belongs, and comes back."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pytest

from pipeline.build import build_briefs
from pipeline.build.typeset import Brief
from pipeline.content import loader
from pipeline.content.views import divide_body
from pipeline.diagnostics import Findings
from pipeline.document.tree import Section, to_full_text, walk
from pipeline.render.contract import load_renderer
from pipeline.request import Request
from tests.support.editor import Editor
from tests.support.review_project import (
    ARTICLE_FILE,
    TEXTS,
    build_docx,
    list_left_over,
    merge_result,
    pull_files,
    write_project,
)
from tests.support.workbench import get_only

ARTICLE = """\
---
title: A talk
authors:
  mod: {name: Mo Derator, bio: Mo asks.}
  lee: {name: Lee Author}
experts:
  ann: {name: Ann A}
  bob: {name: Bob B}
  cid: {name: Cid C}
---

# What now? {#q1}

## mod

Opening.

## ann

First, of Ann.

## mod

To both.^[A note of Mo.]

## lee

And from me.

## bob, cid

Together.

## mod

Again to Ann.

## ann

Second, of Ann.

## mod, lee

Closing.

# And then? {#q2}

## mod {quotes=none}

Nobody?
"""
TURNS = ("Opening", "To both", "A note of Mo", "And from me", "Again to Ann", "Closing", "Nobody?")
WORDS = ("First, of Ann", "Together", "Second, of Ann", *TURNS)
IN_ORDER = [
    *("Opening", "First, of Ann", "To both", "A note of Mo", "And from me", "Together"),
    *("Again to Ann", "Second, of Ann", "Closing", "Nobody?"),
]
OF_ANN = ["Opening", "First, of Ann", "Again to Ann", "Second, of Ann", "Closing"]
OF_BOB = ["To both", "A note of Mo", "And from me", "Together"]


def write_talk(folder: Path, article: str = ARTICLE) -> Path:
    """Write a project of one article, without a summary."""
    texts = {"content/house.yaml": "name: X\n", ARTICLE_FILE: article}
    return write_project(folder, texts)


def compose(project: Path, template: str, **chosen) -> Sequence[Brief]:
    request = Request(
        project=project, out=project / "out", templates=(template,), formats=("docx",), **chosen
    )
    findings = Findings()
    contents = build_briefs.load_articles(request, findings)
    return build_briefs.compose_briefs(request, contents, findings, must_account=True).briefs


def list_words(brief: Brief) -> list[str]:
    """Return what was said, in the order in which a brief prints it."""
    words = to_full_text(brief.document.children)
    return re.findall("|".join(map(re.escape, WORDS)), words)


@pytest.mark.parametrize("template", ["per-question", "briefing-pack"])
def test_turns_stand_between_the_answers(tmp_path, template):
    brief = get_only(compose(write_talk(tmp_path), template))

    assert list_words(brief) == IN_ORDER
    turns = [n for n in walk(brief.document) if isinstance(n, Section) and n.role == "turn"]
    assert [to_full_text(turn.children) for turn in turns] == [
        "Mo Derator “Opening.”",
        "Mo Derator “To both.” A note of Mo.",
        "Lee Author “And from me.”",
        "Mo Derator “Again to Ann.”",
        "Mo Derator and Lee Author “Closing.”",
        "Mo Derator Nobody?",
    ]


def test_by_expert_a_turn_stands_before_the_answer_that_it_leads_to(tmp_path):
    brief = get_only(compose(write_talk(tmp_path), "per-expert"))

    assert list_words(brief) == [
        *(*OF_ANN, "Nobody?"),
        *(*OF_BOB, "Nobody?"),
        *(*OF_BOB, "Nobody?"),
    ]


def test_by_expert_an_answer_among_turns_stands_under_its_own_name(tmp_path):
    brief = get_only(compose(write_talk(tmp_path), "per-expert"))

    words = to_full_text(brief.document.children)
    of_ann, of_bob = words.split("Bob B 1 What now?")[0], words.split("Bob B 1 What now?")[1]
    for said in ("Ann A “First, of Ann.”", "Mo Derator “Again", "Ann A “Second, of Ann.”"):
        assert said in of_ann
    assert "Lee Author “And from me.” Bob B and Cid C “Together.”" in of_bob


def test_who_answers_together_with_an_expert_does_not_also_answer(tmp_path):
    words = to_full_text(get_only(compose(write_talk(tmp_path), "per-expert")).document.children)
    assert re.findall("Also answering: (.*?) (?:Mo|To)", words) == [
        "Bob B and Cid C",
        "Ann A",
        "Ann A",
    ]


@pytest.mark.parametrize("template", ["per-question", "per-expert"])
@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"experts": ("ann",)}, [OF_ANN]),
        ({"experts": ("bob",)}, [OF_BOB]),
        ({"split": "expert"}, [OF_ANN, OF_BOB, OF_BOB]),
        ({"questions": ("q2",), "experts": ("ann",)}, [[]]),
    ],
)
def test_a_part_has_the_turns_of_the_answers_that_it_shows(tmp_path, template, chosen, said):
    briefs = compose(write_talk(tmp_path), template, **chosen)
    assert [list_words(brief) for brief in briefs] == said


def test_a_part_of_one_question_has_all_of_its_turns(tmp_path):
    briefs = compose(write_talk(tmp_path), "per-question", split="question")
    assert [list_words(brief) for brief in briefs] == [IN_ORDER[:-1], IN_ORDER[-1:]]


def test_no_other_address_moves(tmp_path):
    content = loader.load_content(write_talk(tmp_path), "talk")

    assert [list(part.blocks) for part in divide_body(content.article)][1:] == [
        [f"article.md#{address}"]
        for address in (
            *("q1.mod.1", "q1.ann.1", "q1.mod.2", "q1.lee.1", "q1.bob+cid.1", "q1.mod.3"),
            *("q1.ann.2", "q1.mod+lee.1", "q2.mod.1"),
        )
    ]
    assert [d.message for d in content.warnings] == ["question `q2` has no answer"]


def test_an_author_who_answers_with_an_expert_is_heard_in_the_answer(tmp_path):
    joint = ARTICLE.replace("## bob, cid", "## lee, bob")
    assert list_words(get_only(compose(write_talk(tmp_path, joint), "per-question"))) == IN_ORDER


def test_an_expert_with_the_id_of_an_author_answers(tmp_path):
    own = ARTICLE.replace("  bob: {name: Bob B}", "  bob: {name: Bob B}\n  mod: {name: Mo Derator}")
    content = loader.load_content(write_talk(tmp_path, own), "talk")
    assert [a.address for a in content.article.questions[0].answers][:2] == ["q1.mod", "q1.ann"]


def test_a_turn_can_be_quoted_and_is_found(tmp_path):
    summary = TEXTS["content/talk/summary.yaml"]
    turn = "## mo\n\nWords of the host.\n\n## bob\n\nIt rests"
    texts = {
        **TEXTS,
        ARTICLE_FILE: TEXTS[ARTICLE_FILE].replace("## bob\n\nIt rests", turn),
        "content/talk/summary.yaml": summary.replace(
            '[{answer: q1.ann, quote: "norms do too"}]\ntake',
            '[{answer: q1.mo, quote: "Words of the host"}]\ntake',
        ),
    }
    project = write_project(tmp_path, texts)

    for template in ("policymaker-summary", "briefing-pack"):
        words = to_full_text(get_only(compose(project, template)).document.children)
        assert "Mo Derator, question 1" in words


@pytest.mark.parametrize("template", ["per-question", "per-expert", "briefing-pack"])
def test_an_edit_of_a_turn_comes_back(tmp_path, template):
    turn = "## mo\n\nWhat do you say, Bob?\n\n## bob\n\nIt rests"
    texts = {**TEXTS, ARTICLE_FILE: TEXTS[ARTICLE_FILE].replace("## bob\n\nIt rests", turn)}
    project = write_project(tmp_path, texts)
    editor = Editor(build_docx(project, template), "Ed")
    editor.replace("say, Bob", "think, Robert")
    editor.paragraph_after("“What do you", "And quickly.")

    result = pull_files(project, editor.save())

    wanted = texts[ARTICLE_FILE].replace(
        "What do you say, Bob?", "What do you think, Robert?\n\nAnd quickly."
    )
    assert merge_result(result, texts)[ARTICLE_FILE] == wanted
    assert list_left_over(result) == []


def test_a_turn_has_a_word_style_of_its_own(tmp_path):
    brief = get_only(compose(write_talk(tmp_path), "per-question"))
    data = load_renderer("docx")(brief.document, brief.options).data
    with zipfile.ZipFile(BytesIO(data)) as package:
        main, styles = (package.read(f"word/{n}.xml").decode() for n in ("document", "styles"))
    assert main.count('<w:pStyle w:val="Turn"/>') == 6
    assert 'w:styleId="Turn"' in styles


def test_the_rule_withholds_experts_in_turns_and_no_moderator(tmp_path):
    named = ARTICLE.replace("Again to Ann.", "Again to Ann A.").replace("lee", "a")
    project = write_talk(tmp_path, named)

    brief = get_only(compose(project, "per-question", chatham_house=True))

    words = to_full_text(brief.document.children)
    assert "Mo Derator “Again to Expert B.”" in words  # A would be the author `a`
    assert "Lee Author “And from me.”" in words
    assert "Ann" not in words.replace("of Ann", "")
