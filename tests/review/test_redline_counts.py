"""The list of what changed tells each change once; none is taken for one that reads the same."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from pipeline.document.tree import to_full_text
from pipeline.review.redline.change_list import compare_editions
from tests.support.editions import compose_editions
from tests.support.review_project import (
    ARTICLE,
    ARTICLE_FILE,
    TEMPLATES,
    TEXTS,
    replace_texts,
    write_project,
)

REPEATED = """\
---
title: A zebra in its title
date: 2024-02-29
language: en-GB
authors:
  mo: {name: Mo Derator, bio: "A zebra in a life. Another sentence."}
experts:
  ann:
    name: Ann Archer
    affiliation: A zebra in an affiliation
    bio: |
      A zebra in her first paragraph.

      A zebra in her second paragraph.
  bob: {name: Bob Baker, affiliation: Bakery}
about: A zebra about the house.
---

A zebra in the introduction.

A zebra further in it.

# Why is a zebra in a question? {#q1}

## ann

A zebra in one paragraph.

A zebra in another paragraph.[^1]

- A zebra in one item.
- A zebra in that item.

  A zebra below an item.

| Head | A zebra in a head |
|---|---|
| Bread | A zebra in one cell |
| Salt | A zebra in another cell |

> A zebra in a quotation.
>
> A zebra behind a quotation.

A zebra at the end.[^2]

[^1]: A zebra in one note.

[^2]: A zebra in another note.

## bob

A zebra in one answer.

# What comes next? {#q2}

## ann

A zebra in the next answer.

## bob

A zebra more to come.
"""
REPEATED_SUMMARY = """\
standfirst: A zebra which stands first.
bottom_line:
  text: A zebra below all.
  evidence: [{answer: q1.ann, quote: "in one paragraph"}]
takeaways:
  - text: A zebra to take away.
    evidence: [{answer: q1.ann, quote: "in one paragraph"}]
  - text: A zebra to take home.
    evidence: [{answer: q1.bob, quote: "in one answer"}]
  - text: A zebra to take along.
    evidence: [{answer: q2.ann, quote: "in the next answer"}]
question_labels:
  q1: Zebras
  q2: Next
positions:
  q1:
    ann: {text: A zebra is for it, quote: in one paragraph}
    bob: {text: A zebra is against it, quote: in one answer}
glossary:
  - term: Norm
    definition: A zebra that is explained.
  - term: Rule
    definition: A zebra that is told.
"""


def compare(tmp_path, template: str, old, new):
    """Return what changed between two projects, without the name of the edition."""
    editions = [
        compose_editions(write_project(tmp_path / name, texts), (template,))[template]
        for name, texts in (("old", old), ("new", new))
    ]
    found = compare_editions(*editions).differences
    return editions, [d for d in found if editions[1].fingerprint not in d.after]


def list_places(text: str) -> set[str]:
    """Return the three words behind each “A zebra”, by which a place is known."""
    return set(re.findall(r"[Aa] (?:zebra|gnu) (\w+ \w+ \w+)", text))


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_word_that_is_replaced_in_many_places_is_told_in_each(tmp_path, template):
    old = TEXTS | {
        ARTICLE_FILE: REPEATED,
        "content/talk/summary.yaml": REPEATED_SUMMARY,
    }
    new = {name: text.replace("zebra", "gnu") for name, text in old.items()}
    (edition, _), found = compare(tmp_path, template, old, new)

    told = Counter(place for d in found for place in list_places(d.after))

    printed = list_places(to_full_text(edition.document.children))
    assert len(printed) >= 8
    assert told == Counter(printed)


ANN = "Because words bind, and norms do too, as a rule."
THRICE = "- Yes.\n- Yes.\n- Yes.\n"
TABLE = "| What | Is it so |\n|---|---|\n| Bread | Yes. |\n| Salt | Yes. |\n"


@pytest.mark.parametrize(
    ("block", "other", "wanted"),
    [
        ("Yes.\n\nYes.\n\nYes.\n", "", {("paragraph", "removed"): 3}),
        ("", "Yes.\n\nYes.\n\nYes.\n", {("paragraph", "added"): 3}),
        (f"{THRICE}- No.\n", "- No.\n", {("list item", "removed"): 3}),
        ("- No.\n", f"{THRICE}- No.\n", {("list item", "added"): 3}),
        (TABLE, TABLE.replace("Yes.", "No."), {("table cell", "reworded"): 2}),
    ],
)
def test_lines_that_say_the_same_are_each_told(tmp_path, block, other, wanted):
    old, new = (
        TEXTS | {ARTICLE_FILE: ARTICLE.replace(f"{ANN}\n", f"{own}\n{ANN}\n")}
        for own in (block, other)
    )

    _, found = compare(tmp_path, "per-question", old, new)

    assert Counter((d.what, d.how) for d in found) == Counter(wanted)


def test_an_expert_who_is_called_otherwise_is_told_once(tmp_path):
    changes = (("article", "name: Ann Archer", "name: Anne Bowyer-Smith"),)

    _, found = compare(tmp_path, "per-question", TEXTS, replace_texts(changes))

    assert [(d.place, d.what, d.how) for d in found] == [("Anne Bowyer-Smith", "name", "reworded")]


@pytest.mark.parametrize("is_new", [True, False])
def test_a_line_break_is_seen_where_it_came_or_went(tmp_path, is_new):
    whole = TEXTS
    broken = replace_texts((("article", "as a rule.\nNobody", "as a rule.\\\nNobody"),))

    _, (found,) = compare(
        tmp_path, "per-question", *((whole, broken) if is_new else (broken, whole))
    )

    assert found.how == "set in another way"
    assert ("rule. [line break] Nobody" in found.after) == is_new
    assert ("rule. [line break] Nobody" in found.before) != is_new


def test_a_note_of_a_new_paragraph_stands_apart_from_its_words(tmp_path):
    new = replace_texts(
        (("article", "Nobody knows what comes.", "Nobody knows what comes.\n\nNew.^[A note.]"),)
    )

    _, found = compare(tmp_path, "per-question", TEXTS, new)

    (added,) = (d for d in found if d.how == "added")
    assert "New. [note: A note.]" in added.after
