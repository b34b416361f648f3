"""A name stands by its own words on the finished pages, whatever a stylesheet does."""

import pytest

from pipeline.diagnostics import Findings, Location
from pipeline.document.tree import (
    Address,
    Cell,
    Definition,
    Definitions,
    Document,
    Heading,
    List,
    Meta,
    Paragraph,
    Row,
    Section,
    Table,
    Text,
)
from pipeline.render import page_checks, pdf
from tests.support import specimen
from tests.support.command import brief
from tests.support.pdf_file import items
from tests.support.small_project import MINI
from tests.support.workbench import write_template

LONG = "Group of Governmental Experts on Responsible State Behaviour in Cyberspace"
SOURCE = Address("summary.yaml#glossary.3.definition")
PLACE = Location("content/talks/summary.yaml", 30, 5)
SIDE_BY_SIDE = "dt { float: left; clear: left; width: 40mm } dd { margin-left: 45mm }"


def words(text, source=None):
    return (Paragraph((Text(text, source),)),)


def term(name, *blocks):
    return Definition((Text(name),), blocks)


TERMS = Definitions(
    (
        term("Norm", *words("A rule.")),
        term(LONG, *words("Experts of the United Nations.")),
        term("Register", *words("A list.", SOURCE)),
        term(LONG, List(items("One.", "Two.", "Three.")), *words("And so on. " * 40)),
        term("Working group", *words("Talks. " * 60), *words("More talks.")),
    )
)
ANSWERS = Section(
    (
        Heading(2, (Text("What is asked?"),)),
        *(
            Section(
                (
                    Heading(3, (Text(name),)),
                    Paragraph((Text("Senior fellow of an institute " * 6),), role="affiliation"),
                    *words(f"The words of {name}."),
                ),
                "answer",
            )
            for name in ("Ann Archer", "Bob Baker", "Cy Cooper")
        ),
    ),
    "question",
)
TABLE = Table(
    (Row((Cell((Text("Question"),), "col"), Cell((Text("Ann"),), "col"))),),
    tuple(
        Row((Cell((Text(f"{n}. {LONG}"),), "row"), Cell((Text("It binds."),)))) for n in range(1, 4)
    ),
)


def find_apart(node, css="", paper="a4"):
    document = Document(Meta(title="T", language="en-GB"), (Heading(1, (Text("T"),)), node))
    findings = Findings()
    options = specimen.make_options(paper, css=css, places={SOURCE: PLACE})
    with pdf.lay_out_pages(document, options, findings) as laid:
        anchors = pdf.read_anchor_pages(laid)
        found = list(page_checks.check_pages(laid, anchors, document, options))
    assert {each.code for each in found} <= {"apart"}
    return found


@pytest.mark.parametrize("paper", ["a4", "a5"])
@pytest.mark.parametrize(
    ("node", "css"),
    [
        (TERMS, ""),
        (TERMS, SIDE_BY_SIDE),
        (TERMS, "dl > div { display: flex } dt { width: 40mm } dd { flex: 1 1 0 }"),
        (TERMS, SIDE_BY_SIDE + "dl { margin-top: 185mm }"),  # a row at the foot of the page
        (ANSWERS, ""),
        (TABLE, ""),
        (TABLE, "tr { display: flex; flex-wrap: wrap } th, td { display: block; width: 100% }"),
    ],
)
def test_what_stands_by_its_name_is_no_fault(node, css, paper):
    assert find_apart(node, css, paper) == []


@pytest.mark.parametrize(
    ("node", "css", "name", "said", "more"),
    [
        (
            TERMS,
            SIDE_BY_SIDE + "dl > div { display: block }",
            "Register",
            "A list.",
            ", and 1 more",
        ),
        (
            ANSWERS,
            "section.answer { display: block }",
            "Bob Baker",
            "The words of Bob Baker.",
            ", and 1 more",
        ),
        (
            TABLE,
            "table, tbody, tr, th, td { display: block } th { float: left; clear: left; "
            "width: 30mm; padding: 0 } td { padding: 0 0 0 40mm }",
            "1. Group",
            "It binds.",
            ", and 2 more",
        ),
    ],
)
def test_what_css_sets_apart_from_its_name_is_an_error(node, css, name, said, more):
    (found, *_) = find_apart(node, css)
    assert found.is_error
    assert f"“{name}" in found.message
    assert f"” does not stand by its words “{said}” on page 1{more}" in found.message
    assert "print.css" in str(found.hint)


def test_the_place_is_that_of_the_words():
    (found,) = find_apart(TERMS, SIDE_BY_SIDE + "dl > div { display: block }")
    assert found.at == PLACE


@pytest.fixture
def long_names(tmp_path):
    """A project whose experts and terms have names of several lines."""
    texts = {
        "house.yaml": MINI["house.yaml"],
        "article.md": MINI["article.md"]
        .replace("Ann Archer", "Maria del Carmen Fernández de Córdoba y Villalobos")
        .replace("Bob Baker", "Bo Li")
        .replace("{name: Bo Li}", "{name: Bo Li, affiliation: " + "Institute of Words " * 5 + "}"),
        "summary.yaml": MINI["summary.yaml"]
        + "    bob: {text: It depends., quote: It depends}\nglossary:\n"
        + "".join(
            f"  - {{term: {name}, definition: {meaning}, "
            'evidence: [{answer: q1.ann, quote: "words bind"}]}\n'
            for name, meaning in [(LONG, "Experts."), ("Norm", "A rule. " * 15)] * 12
        ),
    }
    (tmp_path / "content" / "mini").mkdir(parents=True)
    for name, text in texts.items():
        folder = "content" if name == "house.yaml" else "content/mini"
        (tmp_path / folder / name).write_text(text, "utf-8")
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("profile", ["screen", "print"])
@pytest.mark.parametrize("paper", ["a4", "letter", "a5"])
def test_no_shipped_template_sets_them_apart(long_names, paper, profile):
    built = brief(long_names, "build", "-f", "pdf", "--paper", paper, "--profile", profile)
    assert built.exit_code == 0, built.output


@pytest.mark.slow
def test_a_stylesheet_that_floats_them_apart_stops_the_build(long_names):
    folder = write_template(long_names, "own", spec="extends: per-question\n")
    (folder / "print.css").write_text(
        "aside.note dl > div { display: block; margin: 0 } aside.note dt { clear: left }", "utf-8"
    )
    built = brief(long_names, "build", "-f", "pdf", "-t", "own")
    assert built.exit_code == 1
    assert "content/mini/article.md:7:15: error: “Bo Li” does not stand by" in built.output
