"""A file's name says all that its options change: no two sets of options have one name."""

from itertools import combinations, product
from typing import Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.diagnostics import Problems
from pipeline.look import page_marking
from pipeline.project import file_names
from pipeline.request import Request
from tests.support.paths import ROOT

Options: TypeAlias = dict[str, Any]


def name(extension: str = "docx", **options: Any) -> str:
    return file_names.name_file("id-brief", options, extension)


def house(file: str) -> dict[str, str]:
    return {"file": file, "sha256": "0"}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, "id-brief.docx"),
        ({"paper": "letter"}, "id-brief.letter.docx"),
        ({"profile": "booklet", "creep": 0.1}, "id-brief.booklet.docx"),
        ({"marking": "TLP:RED"}, "id-brief.tlp-red.docx"),
        ({"marking": "TLP:AMBER+STRICT"}, "id-brief.tlp-amber-strict.docx"),
        ({"marking": "CONFIDENTIAL"}, "id-brief.marking-41f0c9c8.docx"),
        ({"for_review": True}, "id-brief.for-review.docx"),
        ({"with_notes": True}, "id-brief.with-notes.docx"),
        ({"reference_docx": house("words/house.dotx")}, "id-brief.house.docx"),
        ({"reference_docx": house("House_2.docx")}, "id-brief.House_2.docx"),
        ({"questions": ["q1"], "split": "expert", "chatham_house": True}, "id-brief.docx"),
    ],
)
def test_each_option_has_a_word(options, expected):
    assert name(**options) == expected


def test_the_words_stand_in_their_order_whatever_the_order_of_options():
    options: Options = {
        "reference_docx": house("house.dotx"),
        "with_notes": True,
        "for_review": True,
        "marking": "TLP:RED",
        "profile": "archive",
        "paper": "a5",
    }

    assert name(**options) == "id-brief.a5.archive.tlp-red.for-review.with-notes.house.docx"


@pytest.mark.parametrize(
    "stem", ["letter", "Print", "for-review", "with-notes", "tlp-red", "marking-1", "a b", "é", "."]
)
def test_a_word_template_takes_no_other_option_s_word(stem):
    own = name(reference_docx=house(f"{stem}.dotx"))
    word = own.removeprefix("id-brief.").removesuffix(".docx")

    assert word.rpartition("-")[2].isalnum()
    assert word.lower() != stem.lower()
    assert word.isascii()
    assert not set(word) & set(" ./")


PAPERS: tuple[Options, ...] = ({}, {"paper": "a4"}, {"paper": "letter"}, {"paper": "a5"})
PROFILES: tuple[Options, ...] = (
    {},
    {"profile": "print"},
    {"profile": "booklet"},
    {"profile": "archive"},
)
MARKINGS: tuple[Options, ...] = tuple(
    {"marking": text} if text else {}
    for text in ("", *page_marking.COLOURS, "CONFIDENTIAL", "Confidential", "letter", "for-review")
)
FLAGS: tuple[Options, ...] = (
    {},
    {"for_review": True},
    {"with_notes": True},
    {"for_review": True, "with_notes": True},
)
HOUSES: tuple[Options, ...] = tuple(
    {"reference_docx": house(f"{stem}.dotx")} if stem else {}
    for stem in ("", "house", "letter", "for-review", "tlp-red", "House style", "House-style")
)


def test_every_set_of_options_has_a_name_of_its_own():
    sets: list[Options] = [
        {key: value for each in options for key, value in each.items()}
        for options in product(PAPERS, PROFILES, MARKINGS, FLAGS, HOUSES)
    ]
    names = {name(**options).casefold() for options in sets}

    assert len(names) == len(sets) == 4 * 4 * 10 * 4 * 7


markings = st.text(min_size=1, max_size=60)
stems = st.text(st.characters(blacklist_characters="/\0"), min_size=1, max_size=60)
option_sets = st.fixed_dictionaries(
    {},
    optional={
        "paper": st.sampled_from(["a4", "letter", "a5"]),
        "profile": st.sampled_from(["print", "booklet", "archive"]),
        "marking": markings,
        "for_review": st.just(True),
        "with_notes": st.just(True),
        "reference_docx": stems.map(lambda stem: house(f"{stem}.dotx")),
    },
)


def read_set(options: Options) -> Options:
    """Return options as a request takes them: a marking as it is printed, or none."""
    try:
        return {**options, "marking": page_marking.read_marking(options.get("marking", ""))}
    except Problems:
        return {key: value for key, value in options.items() if key != "marking"}


@given(st.lists(option_sets, min_size=2, max_size=6))
def test_whatever_is_chosen_two_sets_never_have_one_name(chosen):
    for first, second in combinations(map(read_set, chosen), 2):
        assert (name(**first) == name(**second)) == (first == second)


@given(option_sets)
def test_a_name_is_one_that_every_disk_can_hold(options):
    written = name(**read_set(options))

    assert len(written.encode()) < 200
    assert set(written) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")
    assert written == name(**read_set(options))


@pytest.mark.parametrize(
    ("format", "expected"),
    [
        ("pdf", ["letter", "print", "tlp-red"]),
        ("docx", ["letter", "tlp-red", "for-review", "with-notes", "house"]),
        ("html", ["letter", "tlp-red"]),
        ("tree", ["letter", "tlp-red"]),
    ],
)
def test_an_option_is_in_the_names_of_the_formats_that_it_changes(tmp_path, format, expected):
    request = Request(
        project=tmp_path,
        out=tmp_path,
        paper="letter",
        profile="print",
        marking="TLP:RED",
        for_review=True,
        with_notes=True,
        reference_docx=tmp_path / "house.dotx",
    )

    assert file_names.list_option_words(request.list_options(format, "a4")) == expected


def test_people_are_shown_every_word():
    page = (ROOT / "out/README.md").read_text("utf-8")

    assert "`ID[.LANG]-TEMPLATE[-PART][.OPTION]….EXT`" in page
    words = ["letter", "print", "tlp-amber-strict", "for-review", "with-notes", "house"]
    assert sorted(words, key=lambda word: page.index(f"`.{word}`")) == words
