"""A template that forgets words is told so, at the place of what is lacking."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest
from PIL import Image

from pipeline.build import build_briefs
from pipeline.diagnostics import Diagnostic, Findings, Problems
from pipeline.request import Request
from tests.support.command import brief, build_reported
from tests.support.worded_project import ARTICLE, HOUSE, SUMMARY, write_worded_project
from tests.support.workbench import PAGE, get_only, write_template

FILES = {
    "content/talk/article.md": ARTICLE,
    "content/talk/summary.yaml": SUMMARY,
    "content/house.yaml": HOUSE,
}
INTRODUCTION = "{{ article.introduction }}"
QUESTION = "<h2>{{ question.text }}</h2>"
SPOKEN = "{% for said in question.spoken %}{{ quoted(said) }}{% endfor %}"
LOOP = f"{{% for question in questions %}}{QUESTION}{SPOKEN}{{% endfor %}}"
WHOLE = INTRODUCTION + LOOP
"""What prints all that people said."""


def find_line(word: str) -> tuple[str, int]:
    """Return the content's file and line in which a word stands first."""
    for name, text in FILES.items():
        for number, line in enumerate(text.split("\n"), 1):
            if word in line:
                return name, number
    raise LookupError(word)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_worded_project(tmp_path)


def account(project: Path, body: str, spec: str = "", **chosen) -> tuple[Diagnostic, ...]:
    """Return what is found when a template with this body is composed."""
    spec = f"splits: [question, expert]\n{spec}"
    write_template(project, "own", PAGE.replace("{body}", body), spec)
    request = Request(
        project=project, out=project / "out", templates=("own",), formats=("tree",), **chosen
    )
    findings = Findings()
    contents = build_briefs.load_articles(request, findings)
    try:
        build_briefs.compose_briefs(request, contents, findings, must_account=True)
    except Problems as problems:
        return problems.diagnostics
    return tuple(findings)


def list_places(found: tuple[Diagnostic, ...]) -> list[tuple[str, int]]:
    assert {d.code for d in found} <= {"words-lacking"}
    return [(d.at.file, d.at.line) for d in found if d.at]


def test_what_a_loop_forgets_each_time_is_told_once(project):
    article = project / "content/talk/article.md"
    more = "".join(f"\n# Why {n}? {{#z{n}}}\n\n## ann\n\nThis is {n}.\n" for n in range(9))
    article.write_text(article.read_text("utf-8") + more, "utf-8")
    headings = LOOP.replace(QUESTION, "")

    found = [d for d in account(project, INTRODUCTION + headings) if "question" in d.message]

    assert "`own` does not print the question q1: “" in get_only(found).message
    assert " more like it: " in get_only(found).message


def test_a_template_that_prints_all_that_people_said_lacks_nothing(project):
    assert account(project, WHOLE) == ()
    assert account(project, WHOLE + LOOP) == ()  # twice does no harm


@pytest.mark.parametrize(
    ("body", "lacking"),
    [
        (LOOP, ["Xintroa"]),
        ("<p>Introduction</p>" + WHOLE.replace(INTRODUCTION, "{{ article.introduction[:1] }}"),
         ["Xintrob"]),
        (WHOLE.replace(QUESTION, "<h2>Question {{ question.number }}</h2>"),
         ["Xquestiona", "Xquestionb"]),
        (WHOLE.replace(QUESTION, "<h2>{{ summary.question_labels[question.id] }}</h2>"),
         ["Xquestiona", "Xquestionb"]),
        (WHOLE.replace(QUESTION, "<h2>{{ plain(question.text) }}</h2>"),
         ["Xquestiona", "Xquestionb"]),
        (WHOLE.replace("question.spoken", "question.answers"),
         ["Xturna", "Xturnb", "Xturnc", "Xturnd"]),
        (WHOLE.replace("question.spoken", "question.spoken[:-1]"), ["Xturnd", "Xanswere"]),
        (WHOLE.replace("{{ quoted(said) }}", "{% if loop.first %}{{ quoted(said) }}{% endif %}"),
         ["Xanswera", "Xturnb", "Xanswerb", "Xturnc", "Xanswerc", "Xturnd", "Xanswere"]),
        (WHOLE.replace("quoted(said)", "said.blocks[:1]"), ["- Xitema"]),
        (WHOLE.replace("{{ quoted(said) }}", "<p>{{ plain(said.blocks)|upper }}</p>"),
         ["Xturna", "Xanswera", "Xturnb", "Xanswerb", "Xturnc", "Xanswerc", "Xturnd", "Xanswerd",
          "Xanswere"]),
        # Only the words before a note, or before those that are stressed.
        (WHOLE.replace("{{ quoted(said) }}", "<p>{{ said.blocks[0].children[:1] }}</p>"),
         ["Xturna", "Xanswera", "Xanswerb"]),
    ],
)  # fmt: skip
def test_what_people_said_is_printed_whole(project, body, lacking):
    found = account(project, body)

    assert sorted(list_places(found)) == sorted(map(find_line, lacking))
    assert all(d.is_error and d.message.startswith("`own` ") and d.hint for d in found)


def test_a_note_alone_can_be_lacking(project):
    cut = "{% for block in said.blocks %}<p>{{ block.children[:1] }}</p>{% endfor %}"
    only_notes = ARTICLE.replace(" *Xstressa* on", "").replace("- Xitema\n- Xitemb\n\n", "")
    (project / "content/talk/article.md").write_text(only_notes, "utf-8")
    (project / "content/talk/summary.yaml").unlink()

    found = account(project, WHOLE.replace("{{ quoted(said) }}", cut))

    assert [(d.message, d.hint) for d in found] == [
        (
            f"`own` does not print a note of {address}: “{words}”",
            "print it as it is, or name `notes` under `leaves_out:` in template.yaml",
        )
        for address, words in (("q1.mod.1", "Xturnnote."), ("q1.bob.1", "Xnote."))
    ]


def test_a_picture_is_something_said_as_well(project):
    (project / "content/talk/images").mkdir()
    Image.new("RGB", (6, 4)).save(project / "content/talk/images/map.png")
    text = ARTICLE.replace("Xanswerc.\n", "Xanswerc.\n\n![a map of it](images/map.png)\n")
    (project / "content/talk/article.md").write_text(text, "utf-8")
    no_figures = WHOLE.replace(
        "{{ quoted(said) }}",
        "{% for block in said.blocks if block.image is not defined %}"
        "{% set at = loop.index0 %}{{ said.blocks[at:at + 1] }}{% endfor %}",
    )

    assert account(project, WHOLE) == ()
    lost = get_only(account(project, no_figures))
    assert (lost.message, lost.at and lost.at.line) == (
        "`own` prints only a part of the answer q1.ann: “a map of it”",
        find_line("Xanswerc")[1] + 2,
    )


@pytest.mark.parametrize(
    ("printed", "lacking"),
    [
        ("<p>{{ summary.takeaways[0].text }}</p>", ["Xtakeawayb", "Xtakeawayc"]),
        ("{% for x in summary.options %}{% if loop.first %}<p>{{ x.text }}</p>{% endif %}"
         "{% endfor %}",
         ["Xoptionb"]),
        ("{% for x in summary.glossary %}<p>{{ x.term }}</p>{% endfor %}",
         ["Xmeaninga", "Xmeaningb"]),
        ("{% for x in house.contacts %}<p>{{ x.name }}</p>{% endfor %}", ["xmaila", "xmailb"]),
        ("<p>{{ article.topics[0] }}</p>", ["Xtopicb"]),
        ("<p>{{ article.related|first }}</p>", ["Xrelatedb"]),
        ("<p>{{ article.credits|last }}</p>", ["Xcredita"]),
        ("<p>{{ article.authors[1].name }}</p>", ["Xmoda"]),
        ("{{ article.authors[0].bio }}", ["Xbion"]),
        ("{{ experts[0].bio }}", ["Xbiob", "Xbioc"]),
        ("<p>{{ experts[0].descriptor }}</p>", ["Xdescb", "Xdescc"]),
        ("<p>{{ experts[0].affiliation }}</p>", ["Xaffilb", "Xaffilc"]),
        ("<p>{{ summary.positions.q1.ann.text }}</p>", ["Xpositionb", "Xpositionc"]),
        ("<p>{{ summary.takeaways[0].evidence[0].quote }}</p>",
         ["Xanswerb", "Xanswere"]),
        ("<p>{{ quote('q1.ann', 'Xanswera spoken') }}</p>", ["Xanswere"]),
    ],
)  # fmt: skip
def test_a_list_that_is_begun_is_printed_whole(project, printed, lacking):
    found = account(project, WHOLE + printed)

    assert all(d.is_error for d in found)
    assert [_read_on(d) for d in found] == lacking


def _read_on(found: Diagnostic) -> str:
    """Return the word that stands in the content where something is lacking."""
    assert found.at
    line = FILES[found.at.file].split("\n")[found.at.line - 1][found.at.column - 1 :]
    return re.split("[ ,}\\]@]", line)[0]


@pytest.mark.parametrize(
    "printed",
    [
        "<p>{{ article.title }}, {{ house.licence }}, {{ article.series.name }}</p>",
        "{% for x in summary.takeaways %}<p>{{ x.text }}</p>{% endfor %}",
        "<p>{{ article.authors[0].name }} moderates</p>",
        "{% for e in experts %}<p>{{ e.name }}</p>{% endfor %}",
        "<p>{{ quote('q1.bob', 'Xanswerb') }}</p>",
        "<p>{{ article.topics|join(', ') }}</p>",
    ],
)
def test_what_nobody_need_print_is_not_lacking(project, printed):
    assert account(project, WHOLE + printed) == ()


def test_a_value_that_is_begun_is_printed_whole(project):
    text = ARTICLE.replace("about: Xabout\n", "about: |\n  Xabout.\n\n  Xsecond.\n")
    (project / "content/talk/article.md").write_text(text, "utf-8")

    assert account(project, WHOLE + "{{ article.about }}") == ()
    found = get_only(account(project, WHOLE + "{{ article.about[:1] }}"))
    assert "prints only a part of about" in found.message


# --- what is left out --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (LOOP, "introduction"),
        (WHOLE.replace(QUESTION, "<h2>{{ question.number }}</h2>"), "questions"),
        (WHOLE.replace("question.spoken", "question.answers"), "turns"),
        (INTRODUCTION, "answers"),
        ("<p>Nothing.</p>", "answers, introduction"),
    ],
)
def test_what_is_named_may_be_left_out(project, body, named):
    assert account(project, body) != ()
    assert account(project, body, f"leaves_out: [{named}]\n") == ()


def test_what_is_left_out_is_inherited(project):
    write_template(project, "base", PAGE.replace("{body}", LOOP), "leaves_out: [introduction]\n")
    no_turns = LOOP.replace("question.spoken", "question.answers")

    assert account(project, no_turns, "extends: base\nleaves_out: [turns]\n") == ()
    assert list_places(account(project, no_turns, "extends: base\n")) == [
        find_line(word) for word in ("Xturna", "Xturnb", "Xturnc", "Xturnd")
    ]


def test_what_can_be_left_out_is_one_of_five(project):
    found = get_only(account(project, WHOLE, "leaves_out: [answer]\n"))
    assert (found.code, found.hint) == ("bad-value", "did you mean `answers`?")


def test_a_part_has_what_was_asked_for(project):
    a_part = "{% if not part %}" + INTRODUCTION + "{% endif %}" + LOOP
    first = WHOLE.replace("in questions", "in questions[:1]")

    assert account(project, a_part, questions=("q2",)) == ()
    assert account(project, a_part, split="expert") == ()
    assert account(project, first, questions=("q1",)) == ()
    assert list_places(account(project, first)) == [
        find_line(word) for word in ("Xquestionb", "Xanswerd", "Xanswere")
    ]


# --- who reports it -----------------------------------------------------------------------


def test_a_build_reports_it_with_all_else_and_writes_nothing(project):
    account(project, LOOP + "<p>{{ summary.takeaways[0].text }}</p>")

    code, report = build_reported(project, "-t", "own", "-f", "tree")

    found = [d for d in report["diagnostics"] if d["code"] == "words-lacking"]
    assert code == 1
    assert [(d["file"], d["line"]) for d in found] == [
        find_line(word) for word in ("Xintroa", "Xtakeawayb", "Xtakeawayc")
    ]
    assert not list(project.glob("out/*/*.json"))


def test_checks_report_it_and_what_composes_again_does_not(project):
    account(project, LOOP)

    checked = brief(project, "check", "--template", "own", "--family", "layout")
    assert (checked.exit_code, "words-lacking" in checked.output) == (1, True)
    findings = Findings()
    request = Request(project=project, out=project / "out", templates=("own",), formats=("tree",))
    contents = build_briefs.load_articles(request, findings)
    again = get_only(build_briefs.compose_briefs(request, contents, findings).briefs)
    assert (len(again.lacking), findings.found) == (1, [])


def test_templates_that_an_archive_kept_are_warned_of_until_somebody_changes_them(project):
    account(project, LOOP)
    kept = {
        path.relative_to(project).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in project.glob("templates/own/*")
    }
    record = {"schema": 1, "command": "brief build talk", "files": kept}
    (project / "brief.json").write_text(json.dumps(record), "utf-8")

    code, report = build_reported(project, "-t", "own", "-f", "tree")
    again, retold = build_reported(project, "-t", "own", "-f", "tree")
    strict, _ = build_reported(project, "-t", "own", "-f", "html", "--strict")

    found = [(d["code"], d["severity"]) for d in report["diagnostics"]]
    assert (code, again, strict, found) == (0, 0, 1, [("words-lacking", "warning")])
    assert retold["diagnostics"] == report["diagnostics"]  # though nothing was built
    account(project, LOOP + "<p>Changed.</p>")
    assert build_reported(project, "-t", "own", "-f", "tree")[0] == 1


@pytest.mark.parametrize(
    "text", ["", "[]", '{"schema": 1, "files": []}', '{"schema": [], "files": {}}']
)
def test_a_file_that_is_no_record_changes_nothing(project, text):
    (project / "brief.json").write_text(text, "utf-8")
    assert get_only(account(project, LOOP)).is_error


# --- under the right name ---------------------------------------------------------------


def find_wrong_names(project: Path, body: str, **chosen) -> list[str]:
    found = account(project, INTRODUCTION + body, "leaves_out: [questions, answers]\n", **chosen)
    assert {d.code for d in found} <= {"wrong-name", "words-lacking", "redacted"}
    assert all(d.at.file.endswith("own/document.html.j2") for d in found if d.code == "wrong-name")
    return [d.message for d in found if d.code == "wrong-name"]


NAMED = "{% set ann, bob, cid = article.experts %}"
ANSWER = "{{ quoted(questions[0].answers[0]) }}"
JOINT = "{{ quoted(questions[1].answers[0]) }}"
POSITION = "{{ summary.positions.q1[ann.id].text }}"
QUOTED = (
    "<blockquote class='pull'><p>“{{ quote(questions[0].answers[0].address, 'Xanswera') }}”</p>"
)


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (f"<section><h2>{{{{ bob.name }}}}</h2>{ANSWER}</section>", "Xnameb"),
        (f"<section><h3>1 {{{{ cid.name }}}}</h3><p>a</p>{JOINT}</section>", "Xnamec"),
        (
            f"<section><h2>{{{{ bob.name }}}} and {{{{ cid.name }}}}</h2>{ANSWER}</section>",
            "Xnameb",
        ),
        ("<dl><dt>{{ bob.name }}</dt><dd>" + POSITION + "</dd></dl>", "Xnameb"),
        (QUOTED + "<footer>{{ bob.name }}, question 1</footer></blockquote>", "Xnameb"),
    ],
)
def test_words_under_the_name_of_another_are_an_error(project, body, name):
    (message,) = find_wrong_names(project, NAMED + body)
    assert f"stands under the name {name}" in message


@pytest.mark.parametrize(
    "body",
    [
        f"<section><h2>{{{{ ann.name }}}}</h2>{ANSWER}{JOINT}</section>",
        f"<section><h2>{{{{ ann.name }}}} and {{{{ bob.name }}}}</h2>{JOINT}{ANSWER}</section>",
        f"<section><h2>Replies to {{{{ bob.name }}}}</h2>{ANSWER}</section>",
        f"<section><h2>{{{{ bob.name }}}}</h2>{QUOTED}<footer>{{{{ ann.name }}}}</footer>"
        "</blockquote></section>",
        f"<section><h2>{{{{ bob.name }}}}</h2><h2>{{{{ ann.name }}}}</h2>{ANSWER}</section>",
        "<section><h2>{{ ann.name }}</h2>{{ quoted(questions[0].spoken[0]) }}</section>",
        "<dl><dt>{{ ann.name }}</dt><dd>" + POSITION + "</dd></dl>",
        QUOTED + "<footer>{{ ann.name }}, question 1</footer></blockquote>",
    ],
)
@pytest.mark.parametrize("is_letter", [False, True])
def test_words_under_a_name_of_their_own_are_none(project, body, is_letter):
    assert find_wrong_names(project, NAMED + body, chatham_house=is_letter) == []
