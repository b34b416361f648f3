"""Whole articles in four source formats, with what a careful editor finds in them."""

import json
from pathlib import Path

import pytest

from pipeline.diagnostics import Findings, Problems
from pipeline.importers import ledger, roundtable, source
from pipeline.importers.asking import Decisions
from tests.support.import_totals import check_totals

FOLDER = Path(__file__).parent / "roundtables"
CASES = sorted(path for path in FOLDER.iterdir() if not path.name.endswith(".expect.json"))


def expectation(case: Path) -> dict:
    return json.loads(FOLDER.joinpath(f"{case.stem}.expect.json").read_text("utf-8"))


class Found:
    """What an import finds in a case."""

    def __init__(self, case: Path) -> None:
        self.findings = Findings()
        self.decisions = Decisions()
        self.reading = source.reading(source.read(str(case), None))
        self.draft = roundtable.read(self.reading, self.decisions, self.findings, case.name)
        self.account = ledger.account(self.reading, self.draft, self.findings, case.name)

    @property
    def codes(self) -> set[str]:
        return {found.code for found in self.findings}


def plain(text: str | None) -> str:
    return " ".join((text or "").split()).casefold()


def unmarked(words: str) -> str:
    """Words without the opening mark of a quotation that is never closed: it is a mark."""
    return words.lstrip("“„«‘\"' ")


imported = [case for case in CASES if expectation(case)["outcome"] != "refuse"]
each_case = pytest.mark.parametrize("case", imported, ids=lambda case: case.name)


@pytest.fixture(scope="module")
def found():
    made: dict[Path, Found] = {}

    def find(case: Path) -> Found:
        if case not in made:
            made[case] = Found(case)
        return made[case]

    return find


@pytest.mark.parametrize(
    "case", [c for c in CASES if c not in imported], ids=lambda case: case.name
)
def test_what_is_no_roundtable_is_refused_with_the_evidence(case):
    with pytest.raises(Problems) as caught:
        Found(case)
    (problem,) = caught.value.diagnostics
    assert problem.code == "not-a-roundtable"
    assert problem.hint


@each_case
def test_what_only_a_person_can_tell_is_asked_and_nothing_else(found, case):
    assert bool(found(case).decisions.open) == (expectation(case)["outcome"] == "ask")


@each_case
def test_the_head_of_the_article_is_found(found, case):
    expected, draft = expectation(case), found(case).draft
    assert plain(draft.title) == plain(expected["title"])
    assert draft.date == (expected["date"] or "")
    if "series" not in expected:  # of the shorter cases only what is hard is listed
        return
    assert plain(draft.series) == plain(expected["series"])
    known = {expected["moderator"]}  # needs an entry to speak, whether named as an author or not
    assert {p.name for p in draft.authors} - known == {*expected["authors"]} - known


@each_case
def test_the_experts_are_found_with_what_stands_behind_their_names(found, case):
    expected, draft = expectation(case), found(case).draft
    assert [(p.name, plain(p.descriptor)) for p in draft.experts] == [
        (expert["name"], plain(expert["descriptor"])) for expert in expected["experts"]
    ]
    assert [p.name for p in draft.moderators] == [expected["moderator"]] * bool(
        expected["moderator"]
    )


@each_case
def test_the_questions_are_found(found, case):
    asked = [None if q.implied else plain(q.text) for q in found(case).draft.questions]
    assert asked == [q if q is None else plain(q) for q in expectation(case)["questions"]]


@each_case
def test_every_answer_stands_under_its_own_speaker_with_all_its_paragraphs(found, case):
    expected = expectation(case)
    known = {expert["name"] for expert in expected["experts"]} | {expected["moderator"]}
    for question, answers in zip(found(case).draft.questions, expected["answers"], strict=True):
        said = [" ".join(block.text for block in turn.blocks) for turn in question.turns]
        have = [
            (
                [person.name for person in turn.people],
                len(turn.blocks),
                unmarked(words).startswith(unmarked(answer[1])),
                words.endswith(answer[2]),
            )
            for turn, words, answer in zip(question.turns, said, answers, strict=True)
            if set(answer[0]) <= known
        ]
        want = [(a[0], a[3], True, True) for a in answers if set(a[0]) <= known]
        assert have == want, [s[:40] for s in said]


@each_case
def test_what_belongs_to_nobody_is_in_no_answer(found, case):
    said = plain(" ".join(b.text for turn in found(case).draft.turns for b in turn.blocks))
    assert [words for words in expectation(case)["not_in_answers"] if plain(words) in said] == []


@each_case
def test_what_is_left_out_is_reported_with_a_reason(found, case):
    left = found(case).draft.skipped
    assert all(skipped.reason for skipped in left)
    words = plain(" ".join(skipped.text for skipped in left))
    if "flags" not in expectation(case):  # there it may be metadata as well
        words += plain(
            " ".join(p.block.text for p in found(case).draft.pieces if p.use != "content")
        )
    assert [text for text in expectation(case)["skipped"] if plain(text) not in words] == []


@each_case
def test_every_line_and_word_is_accounted_for(found, case):
    account = found(case).account
    check_totals(account)
    assert "unaccounted" not in found(case).codes


CODES = {
    "quotes-unclosed": "quotes-unclosed",
    "answer-missing": "answer-missing",
    "count-differs": "count-differs",
    "question-implicit": "question-implied",
    "renumbered": "renumbered",
}


@each_case
def test_what_is_wrong_in_the_source_is_told(found, case):
    flags = {flag.partition(":")[0] for flag in expectation(case).get("flags", ())}
    assert {CODES[flag] for flag in flags if flag in CODES} <= found(case).codes
