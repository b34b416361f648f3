"""The list of what changed between two editions: all that a brief shows, none of it twice."""

from __future__ import annotations

import dataclasses
import random
import re
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from pipeline.diagnostics import Problems
from pipeline.document.tree import (
    Comment,
    Document,
    Figure,
    Footnote,
    Heading,
    Paragraph,
    Text,
    map_children,
    to_json,
    to_plain_text,
    walk,
)
from pipeline.review.redline.change_list import Comparison, Edition, compare_editions
from tests.support import specimen
from tests.support.editions import compose_editions
from tests.support.review_project import ARTICLE, TEMPLATES, replace_texts, write_project
from tests.support.rich_article import write_rich

SECOND = (
    "The second paragraph has a [link to it](https://example.org/a) and **strong words** in it.\n\n"
)
ANN_LAST = "## ann\n\nMore words will come.\n"
BOB_LAST = "\n## bob\n\nNobody knows what comes.\n"
TAKEAWAY = """\
  - text: 'It isn''t always so.'
    evidence: [{answer: q1.bob, quote: "on the day"}]
"""
LAST_TAKEAWAY = """\
  - text: More will follow.
    evidence: [{answer: q2.ann, quote: "words will come"}]
"""
CASES = {
    "an answer moved": (
        "per-question",
        [("article", ANN_LAST + BOB_LAST, f"{BOB_LAST.lstrip()}\n{ANN_LAST}")],
        [("Question 2, Bob Baker", "answer", "moved", "", "")],
    ),
    "an item of a list moved": (
        "per-question",
        [("article", "- Bread is old.\n- Salt is older.", "- Salt is older.\n- Bread is old.")],
        [("Question 1, Ann Archer", "list item", "moved", "", "Salt is older.")],
    ),
    "a takeaway moved": (
        "policymaker-summary",
        [("summary", TAKEAWAY + LAST_TAKEAWAY, LAST_TAKEAWAY + TAKEAWAY)],
        [
            (
                "Takeaways",
                "takeaway",
                "moved",
                "",
                "More will follow. “words will come” Ann Archer, question 2",
            )
        ],
    ),
    "a paragraph in another answer": (
        "per-question",
        [("article", SECOND, ""), ("article", "\nNobody knows", f"\n{SECOND}Nobody knows")],
        [
            (
                "Question 2, Bob Baker",
                "paragraph",
                "moved",
                "",
                "“The second paragraph has a link to it and strong words in it.",
            )
        ],
    ),
    "a name that stands in many places": (
        "per-question",
        [("article", "name: Bob Baker", "name: Bob McBaker")],
        [("Bob McBaker", "name", "reworded", "Bob Baker", "Bob McBaker")],
    ),
    "a running head": (
        "per-question",
        [("summary", "q1: Words", "q1: All words")],
        [("Question 1", "running head", "reworded", "Words", "All words")],
    ),
    "a role": (
        "briefing-pack",
        [("article", "descriptor: archer, Arch", "descriptor: bowyer, Arch")],
        [("Ann Archer", "descriptor", "reworded", "archer, Arch", "bowyer, Arch")],
    ),
    "a date": (
        "policymaker-summary",
        [("article", "date: 2024-02-29", "date: 2024-03-01")],
        [("About the brief", "date", "reworded", "29 February 2024", "1 March 2024")],
    ),
    "a link": (
        "per-expert",
        [("article", "(https://example.org/a)", "(https://example.org/b)")],
        [
            (
                "Ann Archer, Question 1",
                "paragraph",
                "set in another way",
                "The second paragraph has a link to it (link to https://example.org/a)"
                " and strong words in it.",
                "The second paragraph has a link to it (link to https://example.org/b)"
                " and strong words in it.",
            )
        ],
    ),
    "a stress": (
        "per-question",
        [("article", "Nobody doubts *this* much.", "Nobody doubts this much.")],
        [
            (
                "Question 1, Ann Archer",
                "paragraph",
                "set in another way",
                "Because words bind, and norms do too, as a rule."
                " Nobody doubts this (italic) much.",
                "Because words bind, and norms do too, as a rule. Nobody doubts this much.",
            )
        ],
    ),
    "a note": (
        "per-question",
        [("article", "[^1]: A note on words.", "[^1]: A note on all words.")],
        [
            (
                "Question 1, Ann Archer",
                "note",
                "reworded",
                "A note on words.",
                "A note on all words.",
            )
        ],
    ),
    "a cell": (
        "policymaker-summary",
        [("summary", "text: They bind,", "text: They do bind,")],
        [
            (
                "Where each expert stands, 1 Words, Ann Archer",
                "table cell",
                "reworded",
                "They bind",
                "They do bind",
            )
        ],
    ),
    "a question": (
        "briefing-pack",
        [("article", "Why do words matter?", "Why do words count?")],
        [
            (
                "Question 1",
                "question",
                "reworded",
                "Why do words matter?",
                "Why do words count?",
            )
        ],
    ),
    "a kind of list": (
        "per-question",
        [("article", "- Bread is old.\n- Salt is older.", "1. Bread is old.\n2. Salt is older.")],
        [("Question 1, Ann Archer", "list", "set in another way", "", "")],
    ),
}


def compare(tmp_path, template: str, changes) -> Comparison:
    old = write_project(tmp_path / "old")
    new = write_project(tmp_path / "new", replace_texts(tuple(changes)))
    editions = [compose_editions(project, (template,))[template] for project in (old, new)]
    return compare_editions(*editions)


@pytest.mark.parametrize("name", CASES)
def test_what_changed_is_told_once_in_words(tmp_path, name):
    template, changes, wanted = CASES[name]

    found = compare(tmp_path, template, changes).differences

    assert [(d.place, d.what, d.how, d.before, d.after) for d in found] == wanted


def test_a_move_tells_from_where_to_where(tmp_path):
    (found,) = compare(tmp_path, *CASES["an answer moved"][:2]).differences
    assert (found.origin, found.target) == ("behind Ann Archer", "at the beginning")

    (found,) = compare(tmp_path, *CASES["a paragraph in another answer"][:2]).differences
    assert (found.origin, found.target) == ("Question 1, Ann Archer", "Question 2, Bob Baker")


def test_a_change_that_no_line_shows_is_told_by_the_edition(tmp_path):
    changes = [("summary", "# The editor's own words.", "# My words.")]

    (found,) = compare(tmp_path, "per-question", changes).differences

    assert (found.place, found.what, found.how) == ("Imprint", "imprint", "reworded")
    assert re.fullmatch("Edition [0-9a-f]{12}", found.before)


def test_words_that_are_quoted_are_told_where_they_were_said(tmp_path):
    changed = ARTICLE.replace("Because words bind, and norms", "Because words bind, and all norms")
    old = write_project(tmp_path / "old")
    new = write_project(tmp_path / "new")
    for project, article in ((old, ARTICLE), (new, changed)):
        text = "pull_quotes: [{answer: q1.ann, quote: 'words bind, and norms'}]\n"
        if article is changed:
            text = text.replace("and norms", "and all norms")
        summary = project / "content/talk/summary.yaml"
        summary.write_text(summary.read_text("utf-8") + text, "utf-8")
        (project / "content/talk/article.md").write_text(article, "utf-8")

    found = compare_editions(
        *(compose_editions(p, ("per-question",))["per-question"] for p in (old, new))
    ).differences

    assert [(d.place, d.what) for d in found] == [("Question 1, Ann Archer", "paragraph")]


def test_long_words_are_shortened_around_what_changed(tmp_path):
    long = " ".join(f"w{n}" for n in range(300))
    projects = [
        write_project(
            tmp_path / word,
            replace_texts((("article", "Nobody knows what comes.", f"{long} {word} {long}"),)),
        )
        for word in ("old", "new")
    ]

    (found,) = compare_editions(
        *(compose_editions(p, ("per-question",))["per-question"] for p in projects)
    ).differences

    assert found.after == (
        "[…] w292 w293 w294 w295 w296 w297 w298 w299 new w0 w1 w2 w3 w4 w5 w6 w7 […]"
    )


@pytest.fixture(scope="module")
def rich(tmp_path_factory):
    return write_rich(tmp_path_factory.mktemp("rich"))


def rewrite(tmp_path, old: str, new: str):
    """Write the rich article with a change, or with another picture."""
    project = write_rich(tmp_path)
    path = project / "content/talk/article.md"
    assert old in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    return project


@pytest.mark.parametrize(
    ("old", "new", "what", "how"),
    [
        ("![a map of it]", "![a plan of it]", "alternative text", "reworded"),
        ('"The map of it"', '"The plan of it"', "caption", "reworded"),
        ("1. First things", "1. The first things", "list item", "reworded"),
        ("   - Deeper.\n", "", "list item", "removed"),
    ],
)
def test_pictures_and_lists_are_told(tmp_path, rich, old, new, what, how):
    editions = (
        compose_editions(p, ("per-question",))["per-question"]
        for p in (rich, rewrite(tmp_path, old, new))
    )

    found = compare_editions(*editions).differences

    assert (what, how) in {(d.what, d.how) for d in found}
    assert {d.place for d in found} == {"Question 1, Ann Archer"}


def test_another_picture_is_told_and_marked(tmp_path, rich):
    project = write_rich(tmp_path)
    Image.new("RGB", (60, 40), "red").save(project / "content/talk/images/map.png")

    compared = compare_editions(
        *(compose_editions(p, ("per-question",))["per-question"] for p in (rich, project))
    )

    assert {(d.what, d.how) for d in compared.differences} == {("picture", "replaced")}
    assert all(n.is_changed for n in walk(compared.marked) if isinstance(n, Figure))


def test_what_changed_has_a_mark(tmp_path):
    changes = [
        ("article", "- Bread is old.\n", ""),
        ("article", "[^1]: A note on words.", "[^1]: A *note* on all words."),
        ("article", "(https://example.org/a)", "(https://example.org/b)"),
    ]

    marked = compare(tmp_path, "per-question", changes).marked

    lines = [n for n in walk(marked) if isinstance(n, Heading | Paragraph) and n.is_changed]
    words = [to_plain_text(line.children) for line in lines]
    assert [own for own in words if "Edition" not in own] == [
        "The second paragraph has a link to it and strong words in it.",
        "Last words of Ann.”",
    ]
    assert [n.is_changed for n in walk(marked) if isinstance(n, Footnote)] == [True]


# --- by construction ------------------------------------------------------------------------


def list_variants(document: Document):
    """Return a Document with each field of each kind of node changed, one at a time."""
    kinds = {(type(n), getattr(n, "role", "")): n for n in walk(document)}
    node: Any
    for node in kinds.values():
        target = id(node)
        if isinstance(node, Comment):
            continue
        for field in dataclasses.fields(node):
            value = getattr(node, field.name)
            if field.name in ("at", "source", "is_changed") or (isinstance(value, tuple) and value):
                continue
            other = (
                not value
                if isinstance(value, bool)
                else value + 1
                if isinstance(value, int)
                else f"{value}x"
                if isinstance(value, str) and field.name != "image"
                else None
            )
            if other is not None:
                changed = replace(node, **{field.name: other})
                yield f"{type(node).__name__}.{field.name}", _swap(document, target, changed)
        if getattr(node, "children", ()):
            yield (
                f"{type(node).__name__}-",
                _swap(document, target, replace(node, children=node.children[1:])),
            )


def _swap(document: Document, target: int, changed) -> Document:
    return map_children(
        document, lambda node: changed if id(node) == target else _swap(node, target, changed)
    )


@pytest.mark.slow
def test_whatever_differs_is_told():
    document = specimen.document()
    silent = [
        name
        for name, changed in list_variants(document)
        if to_json(changed) != to_json(document)
        and not compare_editions(Edition(document, ""), Edition(changed, "")).differences
    ]

    assert silent == []


@pytest.mark.slow
def test_each_word_that_changes_is_told_and_marked():
    document = specimen.document()
    for text in [n for n in walk(document) if isinstance(n, Text) and n.text.isalpha()][::9]:
        changed = _swap(document, id(text), replace(text, text=f"{text.text} zebra"))

        compared = compare_editions(Edition(document, ""), Edition(changed, ""))

        assert any("zebra" in d.after for d in compared.differences), text


@pytest.mark.parametrize("field", [f.name for f in dataclasses.fields(specimen.document().meta)])
def test_each_property_of_the_file_is_told(field):
    document = specimen.document()
    value = getattr(document.meta, field)
    other = "2031-01-01" if field == "date" else (*value, "x") if isinstance(value, tuple) else "xx"
    more: dict[str, Any] = {field: other}
    changed = replace(document, meta=replace(document.meta, **more))

    assert compare_editions(Edition(document, ""), Edition(changed, "")).differences


def edit_at_random(text: str, draw: random.Random) -> str:
    """Change something in a file: a word, the order of lines or blocks, a sign."""
    lines = text.split("\n")
    blocks = text.split("\n\n")
    n = draw.randrange(len(lines))
    match draw.randrange(6):
        case 0:
            lines[n] = re.sub(r"\w+", "zebra", lines[n], count=1)
        case 1:
            lines[n : n + 2] = reversed(lines[n : n + 2])
        case 2:
            del lines[n]
        case 3:
            k = draw.randrange(len(blocks))
            blocks[k : k + 2] = reversed(blocks[k : k + 2])
            return "\n\n".join(blocks)
        case 4:
            lines[n] = re.sub(r"(\w+)\.", r"**\1**.", lines[n], count=1)
        case 5:
            words = lines[n].split(" ")
            draw.shuffle(words)
            lines[n] = " ".join(words)
    return "\n".join(lines)


def drop_edition(edition: Edition) -> str:
    """Return all that a reader sees: neither the edition's name nor where words come from."""
    text = to_json(edition.document).replace(edition.fingerprint, "")
    return re.sub(r'"source": "[^"]*"', "", text)


@pytest.mark.soak
def test_whatever_is_changed_in_the_content_is_told(tmp_path):
    check_random_edits(tmp_path, 400)


@pytest.mark.slow
def test_a_few_random_changes_are_told(tmp_path):
    check_random_edits(tmp_path, 12)


def check_random_edits(tmp_path, most: int) -> None:
    draw = random.Random(13)
    project = write_rich(tmp_path)
    olds = compose_editions(project)
    compared = 0
    for _ in range(most):
        path = project / "content/talk" / draw.choice(["article.md", "article.md", "summary.yaml"])
        before = path.read_text("utf-8")
        after = edit_at_random(before, draw)
        path.write_text(after, "utf-8")
        try:
            news = compose_editions(project)
        except Problems:
            continue  # it is no content any more
        finally:
            path.write_text(before, "utf-8")
        for template in TEMPLATES:
            old, new = olds[template], news[template]
            found = compare_editions(old, new)
            told = [d for d in found.differences if new.fingerprint not in d.after]
            assert bool(found.differences) == (to_json(old.document) != to_json(new.document))
            assert bool(told) == (drop_edition(old) != drop_edition(new)), (template, after)
            assert len(set(found.differences)) == len(found.differences)
            compared += 1
    assert compared > most / 2
