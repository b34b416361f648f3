"""YAML becomes records as it was written, or is refused where it is wrong."""

import copy
import datetime
import pickle
from dataclasses import dataclass
from typing import Annotated

import pytest

from pipeline import records
from pipeline.content.model import FrontMatter
from pipeline.diagnostics import Findings, Location, Problems
from pipeline.document.tree import Address
from pipeline.records import Range
from pipeline.yaml_nodes import parse_yaml
from tests.support.small_project import MINI

EXPERTS = "experts:\n  ann: {name: Ann Archer, affiliation: Arch}\n  bob: {name: Bob Baker}\n"


def decode(text, record=FrontMatter, **more):
    findings = Findings()
    places: dict[Address, Location] = {}
    decoder = records.Decoder("content/x/file.yaml", findings, places, **more)
    value = decoder.decode_record(parse_yaml(text, "content/x/file.yaml"), record)
    return value, list(findings), places


def front(**changed):
    keys = {"title": "T", "date": "2024-02-29", "language": "en", "experts": "{ann: {name: Ann}}"}
    return "".join(f"{key}: {value}\n" for key, value in (keys | changed).items())


# --- what is wrong, and where -----------------------------------------------------------

WRONG = {
    "unknown key": (
        "article.md", "date:", "dat: x\ndate:",
        "unknown-key", "3:1", "unknown key `dat`", "did you mean `date`?",
    ),
    "unknown key of an expert": (
        "article.md", "affiliation", "afiliation",
        "unknown-key", "6:27", "`afiliation`", "did you mean `affiliation`?",
    ),
    "unknown key like none": (
        "house.yaml", "name:", "zzz: x\nname:",
        "unknown-key", "1:1", "unknown key `zzz`", "known: `name`, `unit`,",
    ),
    "an expert's id is no key": (
        "article.md", "{name: Bob Baker}", "{name: Bob Baker, id: bob}",
        "unknown-key", "7:26", "unknown key `id`", "known: `name`, `descriptor`",
    ),
    "missing key": (
        "article.md", "title: Small talk\n", "",
        "missing-key", "2:1", "`title` is missing", "The title, as printed.",
    ),
    "missing key within": (
        "article.md", "{name: Bob Baker}", "{affiliation: X}",
        "missing-key", "7:8", "`name` is missing in `experts.bob`", "as printed",
    ),
    "duplicate key": (
        "article.md", "language:", "title: Again\nlanguage:",
        "duplicate-key", "4:1", "`title` is written twice", "the first one is on line 2",
    ),
    "duplicate expert": (
        "article.md", "  bob: {name: Bob Baker}", "  bob: {name: Bob}\n  bob: {name: Bobby}",
        "duplicate-key", "8:3", "`bob` is written twice", "line 7",
    ),
    "a list for words": (
        "article.md", "title: Small talk", "title: [Small, talk]",
        "wrong-type", "2:8", "`title` must be a single value", None,
    ),
    "words for a list": (
        "article.md", "experts:", "topics: Words\nexperts:",
        "wrong-type", "5:9", "`topics` must be a list, one `- item` a line", None,
    ),
    "words for a mapping": (
        "article.md", "{name: Bob Baker}", "Bob Baker",
        "wrong-type", "7:8", "`experts.bob` must be a mapping", None,
    ),
    "a list for the whole file": (
        "house.yaml", "name:", "- name:",
        "wrong-type", "1:1", "`house.yaml` must be a mapping", None,
    ),
    "a list for a key": (
        "house.yaml", "name:", "? [a, b]\n: c\nname:",
        "wrong-type", "1:3", "a key must be a plain word", None,
    ),
    "no number": (
        "article.md", "experts:",
        "source:\n  skipped: [{line: two, text: a, reason: b}]\nexperts:",
        "wrong-type", "6:20", "`source.skipped.1.line` must be a whole number, not `two`", None,
    ),
    "no day of the calendar": (
        "article.md", "2024-02-29", "2023-02-29",
        "wrong-type", "3:7", "`date` must be a date, YYYY-MM-DD, not `2023-02-29`", None,
    ),
    "a date in words": (
        "article.md", "2024-02-29", "February 29, 2024",
        "wrong-type", "3:7", "YYYY-MM-DD", None,
    ),
    "empty": (
        "article.md", "title: Small talk", "title:",
        "empty-value", "2:7", "`title` is empty", "write it, or take the key out",
    ),
    "null": ("article.md", "Small talk", "null", "empty-value", "2:8", "`title` is empty", None),
    "only a space": (
        "article.md", "Small talk", '" "', "empty-value", "2:8", "`title` is empty", None,
    ),
    "empty Markdown": (
        "article.md", "experts:", 'about: ""\nexperts:', "empty-value", "5:8", "`about`", None,
    ),
    "a list for Markdown": (
        "article.md", "experts:", "about: [a]\nexperts:", "wrong-type", "5:8", "`about`", None,
    ),
    "an id with capitals": (
        "article.md", "  bob:", "  Bob:",
        "bad-value", "7:3", "`Bob` cannot be an id", "lower-case letters",
    ),
    "a language that is none": (
        "article.md", "en-GB", "english!",
        "bad-value", "4:11", "`language` cannot be `english!`", "such as en-US",
    ),
    "a paper that is none": (
        "house.yaml", "name:", "paper: leter\nname:",
        "bad-value", "1:8", "`paper` cannot be `leter`", "did you mean `letter`?",
    ),
    "a website that is none": (
        "house.yaml", "name:", "website: a.example\nname:",
        "bad-value", "1:10", "`website` cannot be", "begins with https://",
    ),
    "no experts": (
        "article.md", EXPERTS, "experts: {}\n",
        "wrong-count", "5:10", "`experts` has 0 items, it takes 1 to", None,
    ),
    "too few takeaways": (
        "summary.yaml",
        '  - text: Not always.\n    evidence: [{answer: q1.ann, quote: "Because"}]\n', "",
        "wrong-count", "5:3", "`takeaways` has 2 items, it takes 3 to 5", None,
    ),
    "no evidence": (
        "summary.yaml", '[{answer: q1.ann, quote: "words bind"}]', "[]",
        "wrong-count", "6:15", "`takeaways.1.evidence` has 0 items", None,
    ),
    "too many words": (
        "summary.yaml", "They bind", "a b c d e f g h i j k l m",
        "too-long", "15:17", "`positions.q1.ann.text` has 13 words, it takes 12", "shorten it",
    ),
    "an answer's address that is none": (
        "summary.yaml", "answer: q1.ann", "answer: q1-ann",
        "bad-value", "6:25", "`q1-ann`", "such as q1.ciglic",
    ),
    "an alias": (
        "article.md", "title: Small talk", "title: &t Small\nshort_title: *t",
        "yaml-alias", "3:14", "the alias `*t` cannot stand here", "write out",
    ),
    "a character as an escape": (
        "article.md", "Small talk", '"Small \\u202e talk"',
        "bad-character", "2:8", "`title` holds U+202E right-to-left override", "take it out",
    ),
    "a character in a key": (
        "summary.yaml", "q1: Words", '"q1\\u200b": Words',
        "bad-character", "12:3", "the key holds U+200B zero width space", None,
    ),
    "a private character in Markdown": (
        "article.md", "experts:", 'about: "x \\ue001"\nexperts:',
        "bad-character", "5:8", "`about` holds U+E001", None,
    ),
    "a character as an entity": (
        "article.md", "experts:", "about: a &#xe001; b\nexperts:",
        "bad-character", "5:8", "the text holds U+E001", None,
    ),
    "an open quotation mark": (
        "article.md", "Small talk", '"Small talk',
        "yaml-syntax", "8:1", "this is not YAML: while scanning a quoted scalar", "wants quotes",
    ),
    "a colon too many": (
        "article.md", "Small talk", "Small: talk",
        "yaml-syntax", "2:13", "mapping values are not allowed", "wants quotes",
    ),
    "a tab for an indent": (
        "house.yaml", "name: A House\n", "name: A House\nlogo:\n\tfile: x\n",
        "yaml-syntax", "3:1", "character that cannot start any token", None,
    ),
    "two documents": (
        "house.yaml", "name: A House\n", "name: A\n---\nname: B\n",
        "yaml-syntax", "2:1", "expected a single document", None,
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "old", "new", "code", "place", "message", "hint"), WRONG.values(), ids=WRONG
)
def test_what_is_wrong_is_told_once_at_its_place(
    diagnose, name, old, new, code, place, message, hint
):
    found, *others = diagnose(name, old, new)
    folder = "content" if name == "house.yaml" else "content/mini"
    assert (found.code, str(found.at)) == (code, f"{folder}/{name}:{place}")
    assert message in found.message
    assert hint is None or hint in found.hint
    assert others == []


def test_an_empty_file_lacks_its_keys(diagnose):
    for text in ("", "# nothing but a comment\n"):
        (found,) = diagnose("house.yaml", text)
        assert (found.code, str(found.at)) == ("missing-key", "content/house.yaml:1:1")


# --- what YAML would guess ---------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    ["No", "no", "yes", "on", "Off", "true", "2021", "1e3", "0x1F", "012", "1_000", "12:30:45",
     "3.10", "2021-09-29", ".nan", "=", "<<", "Null", "'null'", '"~"', "!!binary QQ=="],
)  # fmt: skip
def test_words_stay_as_written(written):
    value, found, _ = decode(front(title=written))
    assert found == []
    assert value.title == written.strip("'\"").removeprefix("!!binary ")


def test_norway_is_a_country_and_norwegian_a_language():
    value, found, _ = decode(front(language="no", topics="[NO, No, Off, 5x5, 2021]"))
    assert found == []
    assert value.language == "no"
    assert value.topics == ("NO", "No", "Off", "5x5", "2021")


def test_a_date_is_a_day_however_it_is_quoted():
    for written in ("2024-02-29", "'2024-02-29'", "!!str 2024-02-29"):
        value, found, _ = decode(front(date=written))
        assert (value.date, found) == (datetime.date(2024, 2, 29), [])


@pytest.mark.parametrize("written", ["20240229", "2024-W09-4", "2024-2-9", "2024-02-29T10:00"])
def test_other_writings_of_a_day_are_refused(written):
    _, found, _ = decode(front(date=written))
    assert [(f.code, f.at) for f in found] == [
        ("wrong-type", Location("content/x/file.yaml", 2, 7))
    ]


# --- bounds ----------------------------------------------------------------------------


def test_an_alias_bomb_is_refused_at_its_first_alias(diagnose):
    bomb = "a: &a [x, x]\n" + "".join(
        f"{this}: &{this} [{', '.join([f'*{last}'] * 9)}]\n"
        for last, this in zip("abcdefgh", "bcdefghi", strict=True)
    )
    (found,) = diagnose("house.yaml", bomb)
    assert (found.code, str(found.at)) == ("yaml-alias", "content/house.yaml:2:8")


@pytest.mark.parametrize("text", ["[" * 900, "{a: " * 900, "- " * 50_000])
def test_deep_nesting_is_refused_without_reading_on(text):
    with pytest.raises(Problems) as caught:
        parse_yaml(text, "f.yaml", first_line=4)
    (found,) = caught.value.diagnostics
    assert found.code == "yaml-nested"
    assert found.message == "the YAML is nested more than 20 deep"
    assert found.at.line == 4


@pytest.mark.parametrize("text", ["[" * 200_000, "{a: " * 50_000])
def test_nesting_deeper_than_yaml_itself_reads_is_refused(text):
    with pytest.raises(Problems) as caught:
        parse_yaml(text, "f.yaml")
    (found,) = caught.value.diagnostics
    assert found.at.line == 1
    assert "nest" in found.message


def test_a_character_that_yaml_cannot_read_is_a_syntax_error():
    with pytest.raises(Problems) as caught:
        parse_yaml("title: \x07", "f.yaml")
    (found,) = caught.value.diagnostics
    assert (found.code, found.at.file) == ("yaml-syntax", "f.yaml")


# --- addresses and places ----------------------------------------------------------------


def test_each_value_knows_its_address_and_the_address_its_place(write):
    content = write(
        "article.md",
        "experts:",
        'topics:\n  - Words\n  - "Other words"\nseries:\n  name: >-\n    A long\n    name\n'
        "experts:",
    )
    front = content.article
    assert front.title.address == "article.md#title"
    assert front.topics[1].address == "article.md#topics.2"
    assert front.series.name == "A long name"
    assert front.experts[0].affiliation.address == "article.md#experts.ann.affiliation"
    file = "content/mini/article.md"
    assert {address: content.places[address] for address in content.places if "#q" not in address
            and address.startswith("article.md") and "introduction" not in address} == {
        "article.md#": Location(file, 2, 1),
        "article.md#title": Location(file, 2, 8),
        "article.md#language": Location(file, 4, 11),
        "article.md#topics": Location(file, 6, 3),
        "article.md#topics.1": Location(file, 6, 5),
        "article.md#topics.2": Location(file, 7, 5),
        "article.md#series": Location(file, 9, 3),
        "article.md#series.name": Location(file, 9, 9),
        "article.md#experts.ann": Location(file, 13, 8),
        "article.md#experts.ann.name": Location(file, 13, 15),
        "article.md#experts.ann.affiliation": Location(file, 13, 40),
        "article.md#experts.bob": Location(file, 14, 8),
        "article.md#experts.bob.name": Location(file, 14, 15),
    }  # fmt: skip


def test_mapping_keys_have_places_too(write):
    places = write("summary.yaml", MINI["summary.yaml"]).places
    assert places["summary.yaml#question_labels.q1"] == Location("content/mini/summary.yaml", 12, 7)
    assert places["summary.yaml#positions.q1"] == Location("content/mini/summary.yaml", 14, 3)
    assert places["summary.yaml#positions.q1.ann"] == Location("content/mini/summary.yaml", 15, 5)


@pytest.mark.parametrize(
    ("written", "line", "column"),
    [
        ("about: <b>", 5, 8),
        ('about: "a <b>"', 5, 8),
        ("about: >-\n  Words\n  folded.\n\n\n  <b>", 5, 8),
        ("about: |\n  Words.\n\n  <b>", 8, 1),
        ("about: |-\n\n\n  Words\n\n  - a\n  - b <b>", 11, 1),
    ],
)
def test_markdown_in_yaml_is_placed_by_line_where_its_lines_are_the_files(
    diagnose, written, line, column
):
    found = diagnose("article.md", "experts:", f"{written}\nexperts:")[0]
    assert (found.code, found.at) == (
        "raw-html", Location("content/mini/article.md", line, column)
    )  # fmt: skip


def test_a_value_keeps_its_address_when_it_travels(write):
    title = write("house.yaml", "A House", "The House").house.name
    for copied in (pickle.loads(pickle.dumps(title)), copy.deepcopy(title)):
        assert (copied, copied.address) == ("The House", "house.yaml#name")


def test_without_a_reader_for_markdown_there_are_no_blocks():
    value, found, _ = decode(front(about="Words"))
    assert (value.about, found) == ((), [])


def test_all_problems_of_a_file_are_told_at_once():
    value, found, _ = decode(front(date="x", language="?!", titel="y", topics="z"))
    assert value is None
    assert [f.code for f in found] == ["wrong-type", "bad-value", "unknown-key", "wrong-type"]


# --- numbers and switches, as the theme has them -------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Look:
    """Scalars of every kind."""

    size: Annotated[float, Range(8, 40)] = 10.0
    lines: int = 1
    bold: bool = False


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("size: 8", Look(size=8.0)),
        ("size: 10.5", Look(size=10.5)),
        ("size: '12'", Look(size=12.0)),
        ("lines: 3", Look(lines=3)),
        ("bold: true", Look(bold=True)),
        ("bold: yes", Look(bold=True)),
        ("bold: no", Look()),
        ("{}", Look()),
    ],
)
def test_a_scalar_is_read_by_what_it_is_to_be(written, value):
    assert decode(written, Look)[:2] == (value, [])


@pytest.mark.parametrize(
    ("written", "code", "message"),
    [
        ("size: 7.9", "bad-value", "`size` is 7.9, it takes 8 to 40"),
        ("size: .nan", "wrong-type", "`size` must be a number, not `.nan`"),
        ("size: nan", "bad-value", "`size` is nan, it takes 8 to 40"),
        ("size: 1e400", "bad-value", "`size` is 1e400"),
        ("size: big", "wrong-type", "`size` must be a number, not `big`"),
        ("lines: 1.5", "wrong-type", "`lines` must be a whole number, not `1.5`"),
        ("lines: " + "9" * 5000, "wrong-type", "`lines` must be a whole number"),
        ("bold: maybe", "wrong-type", "`bold` must be true or false, not `maybe`"),
        ("bold: 1", "wrong-type", "`bold` must be true or false, not `1`"),
    ],
)
def test_a_scalar_that_is_none_is_told(written, code, message):
    value, (found,), _ = decode(written, Look)
    assert (value, found.code, found.at.line) == (None, code, 1)
    assert message in found.message
