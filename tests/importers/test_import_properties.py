"""Generated roundtables, printed as sources and imported again: the same article comes back."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.diagnostics import Findings
from pipeline.document.markdown_reader import MarkdownReader
from pipeline.document.tree import Address, to_full_text
from pipeline.importers import ledger, roundtable, source, writing
from pipeline.importers.asking import Decisions
from pipeline.importers.blocks import Block, Span
from tests.support.import_totals import check_totals

pytestmark = pytest.mark.slow

GIVEN = ("Ana", "Bertil", "Chidi", "Dolores", "Édouard", "Farah", "Gwen", "Hyun-woo", "Ingrid")
FAMILY = (
    "Ruizmar",
    "Lindqvist",
    "Okonkwo",
    "van der Meer",
    "O’Brannan",
    "Łukasik",
    "Šárková",
    "Tran-Bélanger",
)
ROLES = ("director", "senior fellow", "professor of hydrology", "editor-in-chief", "former envoy")
HOUSES = ("Lock Institute", "University of Carrow", "Northern Canal Works", "Bureau of Weirs")
WORDS = (
    "water rises where gates are left open and nobody asks which keeper went home first because "
    "every rule about levels was written for another river in another century by men with dry feet"
).split()


@dataclass(frozen=True)
class Roundtable:
    title: str
    experts: tuple[tuple[str, str, str], ...]
    questions: tuple[str, ...]
    answers: dict[tuple[int, int], tuple[str, ...]]


@st.composite
def sentences(draw, ending=".", least=4, most=14):
    chosen = draw(st.lists(st.sampled_from(WORDS), min_size=least, max_size=most))
    text = " ".join(chosen)
    return text[0].upper() + text[1:] + ending


@st.composite
def paragraphs(draw):
    made = " ".join(draw(st.lists(sentences(), min_size=2, max_size=4)))
    if draw(st.booleans()):
        made += " My view: " + draw(sentences()).lower()
    if draw(st.booleans()):
        made += " " + draw(sentences("?"))
    return made


@st.composite
def roundtables(draw):
    number = draw(st.integers(2, 4))
    given_names = draw(st.permutations(GIVEN))[:number]
    families = draw(st.permutations(FAMILY))[:number]
    experts = tuple(
        (f"{first} {last}", draw(st.sampled_from(ROLES)), draw(st.sampled_from(HOUSES)))
        for first, last in zip(given_names, families, strict=True)
    )
    questions = tuple(f"{draw(sentences('?', 5, 9))}" for _ in range(draw(st.integers(1, 4))))
    answers = {}
    for asked in range(len(questions)):
        for expert in range(number):
            if asked == 0 or draw(st.integers(0, 5)):
                answers[asked, expert] = tuple(draw(st.lists(paragraphs(), min_size=1, max_size=3)))
        if not any((asked, expert) in answers for expert in range(number)):
            answers[asked, 0] = (draw(paragraphs()),)
    return Roundtable("The 3×3—Rivers", experts, questions, answers)


def family(name: str) -> str:
    return name.split(" ", 1)[1]


def as_text(table: Roundtable, quoted: bool) -> str:
    """Print it as a page's text is copied: full names first, then surnames."""
    opening, closing = ("“", "”") if quoted else ("", "")
    lines = [
        table.title,
        "By Simone Keeper",
        "May 3, 2030",
        "We asked people who know about rivers.",
    ]
    seen = set()
    for number, question in enumerate(table.questions):
        lines.append(f"#{number + 1} {question}")
        for expert, (name, role, house) in enumerate(table.experts):
            if (number, expert) not in table.answers:
                continue
            said = list(table.answers[number, expert])
            said[0] = opening + said[0]
            said[-1] += closing
            if expert in seen:
                said[0] = f"{family(name)}: {said[0]}"
            else:
                lines.append(f"{name}, {role}, {house}:")
            seen.add(expert)
            lines += said
    return "\n\n".join(lines) + "\n"


def as_markdown(table: Roundtable) -> str:
    lines = [f"# {table.title}", "*By Simone Keeper*", "We asked people who know about rivers."]
    for number, question in enumerate(table.questions):
        lines.append(f"## {number + 1}. {question}")
        for expert, (name, role, house) in enumerate(table.experts):
            if (number, expert) in table.answers:
                said = list(table.answers[number, expert])
                lines += [f"**{name}** ({role}, {house}): {said[0]}", *said[1:]]
    return "\n\n".join(lines) + "\n"


def as_page(table: Roundtable) -> str:
    body = [
        f"<h1>{table.title}</h1>",
        "<p>By Simone Keeper</p>",
        "<p>We asked people who know about rivers.</p>",
    ]
    for number, question in enumerate(table.questions):
        body.append(f"<h2>{question}</h2>")
        for expert, (name, _, _) in enumerate(table.experts):
            if (number, expert) in table.answers:
                said = table.answers[number, expert]
                body.append(f"<p><strong>{name}</strong></p>")
                body += [f"<p>{paragraph}</p>" for paragraph in said]
    page = "\n".join(body)
    return (
        "<!DOCTYPE html><html lang='en'><head><title>x</title></head><body>"
        f"<nav><ul><li><a href='/'>Home</a></li></ul></nav><article>{page}</article>"
        "<footer><p>All rights reserved.</p></footer></body></html>"
    )


def imported(text: str, name: str, folder):
    path = folder / name
    path.write_text(text, "utf-8")
    reading = source.reading(source.read(str(path), None))
    findings = Findings()
    draft = roundtable.read(reading, Decisions(), findings, name)
    account = ledger.account(reading, draft, findings, name)
    check_totals(account)
    assert not any(found.is_error for found in findings)
    return draft


def same(draft, table: Roundtable) -> None:
    assert [person.name for person in draft.experts if person.labels] == [
        name
        for expert, (name, _, _) in enumerate(table.experts)
        if any((number, expert) in table.answers for number in range(len(table.questions)))
    ] or {person.name for person in draft.experts} == {name for name, _, _ in table.experts}
    assert [question.text for question in draft.questions] == list(table.questions)
    for number, question in enumerate(draft.questions):
        found = {
            turn.people[0].name: tuple(block.text for block in turn.blocks)
            for turn in question.turns
        }
        assert found == {
            name: table.answers[number, expert]
            for expert, (name, _, _) in enumerate(table.experts)
            if (number, expert) in table.answers
        }


@settings(max_examples=60)
@given(table=roundtables(), quoted=st.booleans())
def test_a_copied_text_gives_the_article_back(table, quoted, tmp_path_factory):
    same(imported(as_text(table, quoted), "a.txt", tmp_path_factory.mktemp("import")), table)


@settings(max_examples=40)
@given(table=roundtables())
def test_markdown_gives_the_article_back(table, tmp_path_factory):
    same(imported(as_markdown(table), "a.md", tmp_path_factory.mktemp("import")), table)


@settings(max_examples=40)
@given(table=roundtables())
def test_a_saved_page_gives_the_article_back(table, tmp_path_factory):
    same(imported(as_page(table), "a.html", tmp_path_factory.mktemp("import")), table)


SENTENCES = st.sampled_from(
    ("Water rises.", "Gates, left open!", "“Who asked?”", "- no list", "# no comment", "a: b", "'")
)
GAPS = st.sampled_from((" ", "  ", "\n", "\n\n", "\n\n\n", "\t", "\u00a0", "\n  "))


@given(st.lists(st.tuples(SENTENCES, GAPS), min_size=1, max_size=14), st.booleans())
def test_front_matter_says_what_the_text_said_however_long(pieces, is_nested):
    text = "".join(piece for pair in pieces for piece in pair).strip(" ")
    held = {"notes": [text], "experts": {"ann": {"bio": text}}} if is_nested else {"title": text}

    assert yaml.safe_load("\n".join(writing.in_yaml(held))) == held


SPANS = st.builds(
    Span,
    st.text(st.sampled_from("ab .:“”|~*_[]()!<>&`#%-{}^="), min_size=1, max_size=8),
    strong=st.booleans(),
    emphasis=st.booleans(),
    link=st.sampled_from(["", "", "https://a.example/b_c"]),
)


@settings(max_examples=300, derandomize=True, database=None)
@given(st.lists(SPANS, min_size=1, max_size=5))
@example([Span("Wei:", strong=True), Span("Yes.")])
@example([Span("a", emphasis=True), Span("b", strong=True), Span("c")])
@example([Span("| a | b |")])
@example([Span("~~a~~"), Span("~b~")])
def test_what_an_import_writes_is_read_with_its_words_and_no_sign_more(spans):
    block = Block(spans=tuple(spans), line=1, last_line=1)
    written = "\n".join(writing._lines(writing._inline(block.spans, {})))
    findings = Findings()
    parsed = MarkdownReader("a.md", findings, columns=24).parse(written)
    blocks = parsed.read_blocks(parsed.nodes, lambda number, at: Address("a"))

    words = "".join(span.text for span in spans)
    assert "".join(to_full_text(blocks).split()) == "".join(words.split())
    assert [found for found in findings if found.code != "link-empty"] == []
