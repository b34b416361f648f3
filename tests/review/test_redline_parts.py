"""Each part of an article comes and goes in a redline, which is both editions when settled."""

from __future__ import annotations

import re

import pytest
from PIL import Image

from pipeline.review.redline.change_list import compare_editions
from pipeline.review.redline.write_redline import write_redline
from tests.review.test_redline_docx import SIGNED
from tests.support.editions import compose_editions
from tests.support.review_project import (
    ARTICLE,
    ARTICLE_FILE,
    SUMMARY,
    TEMPLATES,
    build_docx,
    write_project,
)

SUMMARY_FILE = "content/talk/summary.yaml"
TABLE = "| What | How |\n|---|---|\n| Bread | old |\n| Salt | older |\n\n"
PICTURE = '![a map of it](images/map.png "The map of it")\n\n'
QUOTE = "> Bread is bread.\n>\n> And salt is salt.\n\n"
TURN = "## mo\n\nBut why so?\n\n"
THIRD = """\

# What is it to anyone? {#q3}

## ann

It is what it is.

## bob

Not to me.
"""
EVIDENCE = '    evidence: [{answer: q1.ann, quote: "norms do too"}]\n'
LISTS = {
    name: f"{name}:\n" + "".join(f"  - text: {words}.\n{EVIDENCE}" for words in own)
    for name, own in {
        "agreements": ("Both like bread", "Both like salt"),
        "differences": ("One bakes", "One shoots"),
        "options": ("Bake more", "Shoot less", "Talk it over"),
    }.items()
}
PULL = "pull_quotes: [{answer: q1.ann, quote: 'words bind, and norms'}]\n"
TAKEAWAY = "  - text: There is a fourth.\n" + EVIDENCE
BIOGRAPHY = '    bio: "Ann shoots. She hits."\n'
ABOUT = "about: About the house, in a line.\n"
SERIES = 'series: {name: Small talks, note: "All of *it*."}\n'
CREDITS = 'credits: ["Picture: nobody"]\n'
FULL = (
    ARTICLE.replace("experts:\n", f"{ABOUT}{SERIES}{CREDITS}experts:\n")
    .replace("    affiliation: Arch\n", f"    affiliation: Arch\n{BIOGRAPHY}")
    .replace("Last words of Ann", f"{TABLE}{PICTURE}{QUOTE}Last words of Ann")
    .replace("## bob\n\nNobody", f"{TURN}## bob\n\nNobody")
) + THIRD
FULL_SUMMARY = (
    SUMMARY.replace("question_labels:", f"{TAKEAWAY}question_labels:")
    + "".join(LISTS.values())
    + PULL
)
STANDFIRST = "standfirst: >-\n  Two experts talk about words,\n  and disagree a little.\n"
PARTS: dict[str, str | re.Pattern[str]] = {
    "the introduction": "An introduction to the table.\n\n",
    "a question": THIRD,
    "an answer": "## bob\n\nNot to me.\n",
    "a turn": TURN,
    "a paragraph": "The second paragraph has a [link to it](https://example.org/a) and "
    "**strong words** in it.\n\n",
    "a list": "- Bread is old.\n- Salt is older.\n\n",
    "a note": re.compile(r"\[\^1\](: A note on words\.\n\n)?"),
    "a table": TABLE,
    "a picture": PICTURE,
    "a quotation": QUOTE,
    "a biography": BIOGRAPHY,
    "the lines about the house": ABOUT,
    "the series": SERIES,
    "the credits": CREDITS,
    "the short title": "short_title: Small talk\n",
    "an affiliation": "    affiliation: Arch\n",
    "the descriptor": "    descriptor: archer, Arch\n",
    "a takeaway": TAKEAWAY,
    "a position": "    bob: {text: It depends, quote: on the day}\n",
    "the glossary": SUMMARY[SUMMARY.index("glossary:") :],
    "the pull quotes": PULL,
    **{f"the {name}": text for name, text in LISTS.items()},
}
QUICK = ("the introduction",)
ALL_BUT_QUICK = sorted(PARTS.keys() - {*QUICK})


def write_article(folder, without: str = ""):
    """Write the full article, or the same without a part of it."""
    texts = {ARTICLE_FILE: FULL, SUMMARY_FILE: FULL_SUMMARY}
    if without:
        part = PARTS[without]
        pattern = part if isinstance(part, re.Pattern) else re.compile(re.escape(part))
        (name,) = (name for name, text in texts.items() if pattern.search(text))
        texts[name] = pattern.sub("", texts[name])
    project = write_project(folder, {"content/house.yaml": "name: A House\n", **texts})
    (folder / "content/talk/images").mkdir()
    Image.new("RGB", (60, 40)).save(folder / "content/talk/images/map.png")
    return project


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    return write_article(tmp_path_factory.mktemp("full"))


def check_both_ways(tmp_path, full, name: str, template: str) -> None:
    """Write a redline to the article without a part and back: it refuses what is not both."""
    other = write_article(tmp_path / "other", name)
    paths = tmp_path / "full.docx", tmp_path / "other.docx"
    for path, project in zip(paths, (full, other), strict=True):
        path.write_bytes(build_docx(project, template))
    editions = [compose_editions(p, (template,))[template] for p in (full, other)]

    for (old, new), both in ((paths, editions), (paths[::-1], editions[::-1])):
        write_redline(old, new, SIGNED)
        assert compare_editions(*both).differences


@pytest.mark.parametrize("name", QUICK)
def test_a_part_comes_and_goes(tmp_path, full, name):
    check_both_ways(tmp_path, full, name, "per-question")


@pytest.mark.soak
@pytest.mark.parametrize("name", ALL_BUT_QUICK)
@pytest.mark.parametrize("template", TEMPLATES)
def test_each_part_comes_and_goes(tmp_path, full, name, template):
    check_both_ways(tmp_path, full, name, template)
