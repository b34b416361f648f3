"""An article's folder is read into records, and everything wrong with it is reported at once."""

import dataclasses
import hashlib
import pickle
import re

import pytest

from pipeline.content import loader
from pipeline.content.model import BottomLine, House, Point, Position, Summary, Takeaway, Term
from pipeline.diagnostics import Location, Problems
from pipeline.document.tree import Address, Paragraph, Text
from pipeline.records import get_field_hints
from tests.support.paths import ROOT
from tests.support.small_project import ARTICLE_FILE, MINI, find_path, join_speakers, list_problems

# --- what comes out -----------------------------------------------------------------------


def test_an_article_is_read_with_its_parts_and_their_addresses(write):
    read = write("article.md", "An introduction.", "An introduction.\n\nIn two parts.")
    article = read.article
    assert (article.slug, article.title, article.language) == ("mini", "Small talk", "en-GB")
    assert article.date.isoformat() == "2024-02-29"
    assert [expert.id for expert in article.experts] == ["ann", "bob"]
    assert article.introduction == (
        Paragraph((Text("An introduction.", Address("article.md#introduction.1")),)),
        Paragraph((Text("In two parts.", Address("article.md#introduction.2")),)),
    )
    (question,) = article.questions
    assert (question.id, question.number) == ("q1", 1)
    assert question.text == (Text("Why do words matter?", Address("article.md#q1")),)
    assert [(a.address, join_speakers(a), a.quotes) for a in question.answers] == [
        ("q1.ann", "ann", "both"),
        ("q1.bob", "bob", "both"),
    ]
    assert question.answers[1].blocks == (
        Paragraph((Text("It depends.", Address("article.md#q1.bob.1")),)),
    )
    assert read.house.name == "A House"
    assert read.summary.bottom_line.text == "Words bind."


def test_addresses_have_places(write):
    places = write(
        "article.md", "It depends.", "It depends.\n\nOn\nwords.\n\n- and\n- deeds"
    ).places
    assert {address: str(at) for address, at in places.items() if "#q1" in address} == {
        "article.md#q1": f"{ARTICLE_FILE}:12:1",
        "article.md#q1.ann": f"{ARTICLE_FILE}:14:1",
        "article.md#q1.ann.1": f"{ARTICLE_FILE}:16:1",
        "article.md#q1.bob": f"{ARTICLE_FILE}:18:1",
        "article.md#q1.bob.1": f"{ARTICLE_FILE}:20:1",
        "article.md#q1.bob.2": f"{ARTICLE_FILE}:22:1",
        "article.md#q1.bob.3": f"{ARTICLE_FILE}:25:1",
    }
    assert places["article.md#introduction.1"] == Location(ARTICLE_FILE, 10, 1)


def test_each_input_is_listed_with_its_fingerprint(project, write):
    read = write("article.md", "It depends.", "It does.")
    assert read.inputs == {
        name: hashlib.sha256((project / name).read_bytes()).hexdigest()
        for name in (ARTICLE_FILE, "content/house.yaml", "content/mini/summary.yaml")
    }
    other = write("article.md", "It depends.", "It did.")
    assert len({read.sha256, other.sha256}) == 2
    assert write("article.md", "It depends.", "It does.").sha256 == read.sha256


def test_the_records_are_frozen_and_travel(write):
    read = write("article.md", "It depends.", "It does.")
    with pytest.raises(dataclasses.FrozenInstanceError):
        read.article.title = "Another"
    with pytest.raises(TypeError):
        read.summary.question_labels["q1"] = "Another"
    assert pickle.loads(pickle.dumps(read)) == read


def test_an_article_that_names_no_language_has_that_of_the_house(project, write):
    assert write("article.md", "language: en-GB\n", "").article.language == "en"
    find_path(project, "house.yaml").write_text("name: A House\nlanguage: fr\n")
    assert loader.load_content(project, "mini").article.language == "fr"
    assert write("article.md", "en-GB", "de-AT").article.language == "de-AT"


def test_an_article_needs_no_summary(project):
    find_path(project, "summary.yaml").unlink()
    read = loader.load_content(project, "mini")
    assert (read.summary, read.quotations) == (None, ())


# --- what is wrong ----------------------------------------------------------------------


def test_an_expert_who_answers_nothing_is_warned_of(project, write):
    (project / "content" / "mini" / "summary.yaml").unlink()
    text = MINI["article.md"].replace("## bob", "## ann")
    assert join_speakers(write("article.md", text).article.questions[0].answers[1]) == "ann"
    find_path(project, "house.yaml").write_text("nmae: A House\n")
    silent, *others = list_problems(project)
    assert (silent.code, silent.is_error) == ("unknown-key", True)
    (warned,) = [found for found in others if not found.is_error]
    assert (warned.code, str(warned.at)) == ("silent-expert", f"{ARTICLE_FILE}:7:8")


@pytest.mark.parametrize(
    "text",
    ["", "title: x\n", "\n---\ntitle: x\n---\n", "---\ntitle: x\n", "--- x\ntitle: x\n---\n"],
)
def test_an_article_without_front_matter_is_told_how_to_begin(diagnose, text):
    (found,) = diagnose("article.md", text)
    assert (found.code, str(found.at)) == ("no-front-matter", f"{ARTICLE_FILE}:1:1")
    assert "begin with a line ---" in (found.hint or "")


def test_an_empty_front_matter_lacks_its_keys(diagnose):
    found = diagnose("article.md", "---\n---\n")
    assert [f.code for f in found] == ["missing-key"] * 2 + ["no-questions"]
    assert {str(f.at) for f in found} == {f"{ARTICLE_FILE}:2:1", f"{ARTICLE_FILE}:3"}


def test_with_bad_front_matter_the_body_is_still_read_and_no_expert_is_called_unknown(diagnose):
    text = MINI["article.md"].replace("name: Bob", "nmae: Bob").replace("It depends", "<b>It</b>")
    assert [(f.code, f.at.line) for f in diagnose("article.md", text)] == [
        ("unknown-key", 7), ("missing-key", 7), ("raw-html", 20), ("raw-html", 20),
    ]  # fmt: skip


def test_all_problems_of_all_files_are_told_in_one_run(project):
    find_path(project, "house.yaml").write_text("nmae: A House\n")
    find_path(project, "article.md").write_text(
        MINI["article.md"].replace("## bob", "## bop").replace("title:", "titel:")
    )
    find_path(project, "summary.yaml").write_text(
        MINI["summary.yaml"].replace("standfirst:", "standfist:")
    )
    found = list_problems(project)
    assert [(f.code, f.at.file) for f in found] == [
        ("unknown-key", "content/house.yaml"),
        ("missing-key", "content/house.yaml"),
        ("unknown-key", "content/mini/article.md"),
        ("missing-key", "content/mini/article.md"),
        ("unknown-key", "content/mini/summary.yaml"),
        ("missing-key", "content/mini/summary.yaml"),
    ]


# --- files --------------------------------------------------------------------------------


def test_articles_are_the_folders_with_an_article(project):
    for name in ("other", "notes", ".hidden", "_draft"):
        (project / "content" / name).mkdir()
    for name in ("other", ".hidden", "_draft"):
        (project / "content" / name / "article.md").write_text("")
    assert loader.require_articles(project) == ("_draft", "mini", "other")


@pytest.mark.parametrize(
    ("names", "hint"),
    [
        ("content/mini", "with an article.md"),
        ("content", "content/README.md"),
        ("", "run brief in"),
    ],
)
def test_an_empty_project_says_what_an_article_is(tmp_path, names, hint):
    (tmp_path / names).mkdir(parents=True, exist_ok=True)
    with pytest.raises(Problems) as caught:
        loader.require_articles(tmp_path)
    (found,) = caught.value.diagnostics
    assert (found.code, str(found.at)) == ("no-content", "content")
    assert hint in (found.hint or "")


def test_an_articles_folder_has_a_name_that_files_and_commands_can_have(project):
    (project / "content" / "mini").rename(project / "content" / "Small Talk")
    with pytest.raises(Problems) as caught:
        loader.load_content(project, "Small Talk")
    (found,) = caught.value.diagnostics
    assert (found.code, str(found.at)) == ("bad-value", "content/Small Talk")
    assert "lower-case letters" in (found.hint or "")


@pytest.mark.parametrize("name", ["house.yaml", "article.md"])
def test_a_missing_file_is_told(project, name):
    find_path(project, name).unlink()
    found = list_problems(project)[0]
    assert (found.code, found.message) == ("unreadable", f"`{name}`: No such file or directory")
    assert bool(found.hint) == (name == "house.yaml")


# --- the source ---------------------------------------------------------------------------


def sourced(**keys):
    listed = ", ".join(f"{key}: {value}" for key, value in keys.items())
    return MINI["article.md"].replace("experts:", f"source: {{{listed}}}\nexperts:")


def test_the_source_is_held_to_its_fingerprint(project, write, diagnose):
    (project / "content" / "mini" / "source.txt").write_bytes(b"as published")
    digest = hashlib.sha256(b"as published").hexdigest()
    read = write("article.md", sourced(file="source.txt", sha256=digest))
    assert read.inputs["content/mini/source.txt"] == digest
    assert write("article.md", sourced(file="source.txt")).article.source.sha256 == ""
    (found,) = diagnose("article.md", sourced(file="source.txt", sha256="0" * 64))
    assert (found.code, str(found.at)) == ("source-changed", f"{ARTICLE_FILE}:5:36")
    assert found.hint == f"its sha256 is {digest}"


def test_a_source_may_be_an_address_only(write):
    read = write("article.md", sourced(address="https://x.example/article"))
    assert read.article.source.address == "https://x.example/article"
    assert len(read.inputs) == 3


@pytest.mark.parametrize(
    "name", ["source.txt", "../house.yaml", "/etc/passwd", ".", "x" * 300, "loop"]
)
def test_a_source_that_is_not_there_is_told(project, diagnose, name):
    (project / "content" / "mini" / "loop").symlink_to("loop")
    (found,) = diagnose("article.md", sourced(file=name))
    assert (found.code, str(found.at)) == ("source-missing", f"{ARTICLE_FILE}:5:16")
    assert f"`{name}` beside article.md" in found.message


# --- the summary --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "code", "at", "message", "hint"),
    [
        (
            "q1: Words", "q2: Words", "unknown-question", "12:7",
            "`q2` is not one of the article's questions", "known: `q1`",
        ),
        (
            "  q1:\n    ann", "  q9:\n    ann", "unknown-question", "14:3", "`q9`", "known: `q1`",
        ),
        (
            "ann: {text: They", "anne: {text: They", "unknown-expert", "15:5",
            "`anne` is not one of the article's experts", "did you mean `ann`?",
        ),
    ],
)  # fmt: skip
def test_a_summary_speaks_of_the_articles_questions_and_experts(
    diagnose, old, new, code, at, message, hint
):
    (found,) = diagnose("summary.yaml", old, new)
    assert (found.code, str(found.at)) == (code, f"content/mini/summary.yaml:{at}")
    assert message in found.message
    assert hint in (found.hint or "")


# --- the page that shows how to write one -------------------------------------------------


README = (ROOT / "content" / "README.md").read_text("utf-8")


def test_the_article_that_the_readme_shows_is_read(project, tmp_path):
    shown, _table = re.findall("```markdown\n(.*?)```", README, re.DOTALL)
    source = b"\n" * 61 + b"More from"
    (project / "content" / "mini" / "source.txt").write_bytes(source)
    digest = hashlib.sha256(source).hexdigest()
    find_path(project, "article.md").write_text(re.sub("[0-9a-f]{8}…", digest, shown), "utf-8")
    find_path(project, "summary.yaml").unlink()
    article = loader.load_content(project, "mini").article
    assert article.experts[0].roles == ("senior director, digital diplomacy",)
    assert article.source.skipped[0].line == 62
    assert article.questions[0].answers[0].address == "q1.ciglic"


def test_the_readme_has_the_keys_of_a_summary_and_of_a_house_with_their_limits():
    page = README[README.index("## summary.yaml") :]
    rows = dict(re.findall(r"^\| `(\w+)` \|.*\| (?:(\d+) words.*)?\|$", page, re.MULTILINE))
    limits = {
        name: re.findall(r"WordLimit\(most=(\d+)\)", str(hint))
        for name, hint in get_field_hints(Summary).items()
    }
    limits |= {
        name: re.findall(r"WordLimit\(most=(\d+)\)", str(get_field_hints(record)))
        for name, record in {
            "bottom_line": BottomLine, "takeaways": Takeaway, "agreements": Point,
            "differences": Point, "options": Point, "glossary": Term, "positions": Position,
        }.items()
    }  # fmt: skip
    assert {name: [most] if most else [] for name, most in rows.items()} == limits
    (house,) = re.findall(r"^\| `house.yaml` \|(.*)\|$", README, re.MULTILINE)
    assert [name for name in get_field_hints(House) if name not in house] == []


def test_a_value_that_is_printed_as_it_is_has_no_signs_of_markdown(project):
    house, summary, article = (
        find_path(project, name) for name in ("house.yaml", "summary.yaml", "article.md")
    )
    house.write_text("name: A House\ndisclaimer: Views are *not* ours.\n")
    summary.write_text(
        MINI["summary.yaml"].replace("Words bind.\n", "Words bind. %%so?%%\n", 1),
    )
    article.write_text(
        MINI["article.md"].replace("Ann Archer", "Ann *Archer*").replace("title: S", "title: 5* s")
    )

    found = list_problems(project)

    assert {(d.code, str(d.at).rpartition("/")[2]) for d in found} == {
        ("raw-signs", "house.yaml:2:13"),
        ("raw-signs", "article.md:6:15"),
        ("raw-signs", "summary.yaml:3:9"),
    }
    assert "` #`" in str(next(d.hint for d in found if "%%" in d.message))


def test_what_is_not_printed_may_have_signs(write):
    notes = "notes: ['%%ask* **Ann', '`code`']\ndate: 2024"
    assert write("article.md", "date: 2024", notes).warnings == ()


def test_a_draft_may_have_signs_in_its_values(project):
    summary = find_path(project, "summary.yaml")
    summary.write_text(MINI["summary.yaml"].replace("Words bind.\n", "Words **bind**.\n", 1))

    (warning,) = loader.load_content(project, "mini", is_draft=True).warnings

    assert (warning.code, warning.is_error) == ("raw-signs", False)
