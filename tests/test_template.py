"""Templates print in a sandbox, and what they print of the content keeps its address."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path

import pytest
from workbench import AT, HOSTILE, PAGE, Bench, one, texts, write_project, write_template

from pipeline import context, template
from pipeline.diagnostics import Location, Problems
from pipeline.document import Address, Item, Link, List, Paragraph, Section, Text, walk
from pipeline.model import Answer
from pipeline.printed import MARKS
from pipeline.selection import views


@pytest.fixture(autouse=True)
def nothing_shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Shipped templates of the test's own, in place of the real ones."""
    shipped = tmp_path / "shipped" / "templates"
    shipped.mkdir(parents=True)
    monkeypatch.setattr(template, "shipped_templates", lambda: shipped)
    return shipped


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(write_project(tmp_path / "project"))


# --- addresses ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "text", "address"),
    [
        ("<p>{{ house.name }}</p>", "House of Words", "house.yaml#name"),
        ("<p>{{ article.title }}</p>", "Words that matter", "article.md#title"),
        ("<p>{{ experts[0].name }}</p>", "Ada Alpha", "article.md#experts.ada.name"),
        ("<p>{{ experts[1].affiliation }}</p>", HOSTILE, "article.md#experts.bo.affiliation"),
        ("<p>{{ summary.takeaways[0].text }}</p>", "Ada speaks.", "summary.yaml#takeaways.1.text"),
        ("<p>{{ article.topics|last }}</p>", "Proofs", "article.md#topics.2"),
        ("<p>{{ summary.question_labels['q2'] }}</p>", "Doing", "summary.yaml#question_labels.q2"),
        ("<h2>{{ questions[1].text }}</h2>", "What is done?", "article.md#q2"),
        ("{{ questions[0].answers[0].blocks }}", "First words of Ada.", "article.md#q1.ada.1"),
        ("{{ answer('q2.bo').blocks }}", "A deed", "article.md#q2.bo.1"),
        ("{{ article.introduction }}", "Opening words with ", "article.md#introduction.1"),
        ("{{ article.authors[0].bio }}", "writes", "article.md#authors.lee.bio"),
        ("<p>{{ options.greeting }}</p>", "Hello", "template.yaml#options.greeting"),
    ],
)
def test_a_value_printed_as_written_keeps_its_address(bench, written, text, address):
    assert (text, address) in texts(bench.body(written, "options: {greeting: Hello}"))


@pytest.mark.parametrize(
    "body",
    [
        "{% macro m(x) %}<p>{{ x }}</p>{% endmacro %}{{ m(house.name) }}",
        "{% macro m() %}<p>{{ caller() }}</p>{% endmacro %}"
        "{% call m() %}{{ house.name }}{% endcall %}",
        "{% set x %}<p>{{ house.name }}</p>{% endset %}{{ x }}",
        "{% set x = house.name %}<p>{{ x }}</p>",
        "{% for c in [house] %}<p>{{ c.name }}</p>{% endfor %}",
        "{% with h = house %}<p>{{ h.name }}</p>{% endwith %}",
        "{% include 'own/part.html.j2' %}",
        "{% from 'own/macros.html.j2' import shown %}{{ shown(house.name) }}",
        "<p>{{ house.name if true else 'x' }}</p>",
        "<p>{{ house.name|default('x') }}</p>",
        "<p>{{ nothing|default(house.name) }}</p>",
        "<p><a href='https://a.example'>{{ house.name }}</a></p>",
        "<p>Published by <em>{{ house.name }}</em>.</p>",
    ],
)
def test_the_address_survives_every_way_to_the_page(bench, body):
    bench.file("own/part.html.j2", "<p>{{ house.name }}</p>")
    bench.file("own/macros.html.j2", "{% macro shown(x) %}<p>{{ x }}</p>{% endmacro %}")
    assert ("House of Words", "house.yaml#name") in texts(bench.body(body))


def test_the_address_survives_inheritance(bench):
    bench.file("_shared/base.html.j2", PAGE.replace("{body}", "{% block main %}{% endblock %}"))
    document = bench.document(
        '{% extends "_shared/base.html.j2" %}{% block main %}<p>{{ house.name }}</p>{% endblock %}'
    )
    assert list(texts(document)) == [("House of Words", "house.yaml#name")]


@pytest.mark.parametrize(
    ("printed_value", "text"),
    [
        ("{{ house.name|upper }}", "HOUSE OF WORDS"),
        ("{{ house.name ~ '!' }}", "House of Words!"),
        ("{{ house.name|truncate(8, true, '…', 0) }}", "House o…"),
        ("{{ house.name|replace('Words', 'Cards') }}", "House of Cards"),
        ("{{ article.topics|join(', ') }}", "Tests, Proofs"),
        ("{{ house.name[:5] }}", "House"),
        ("{{ questions|length }}", "2"),
        ("{{ questions[0].number }}", "1"),
        ("{{ plain(questions[0].text) }}", "What is said?"),
        ("{{ day(article.date) }}", "6 May 2024"),
        ("{{ x|upper }}", "HOUSE OF WORDS"),
        ("{{ x[:2] }}12", "12"),
        ("{{ x|replace('House', '12') }}", "12 of Words"),
        ("{{ x ~ '!' ~ x|lower }}", "House of Words!house of words"),
        ("{{ x|list|join('') }}", "House of Words"),
    ],
)
def test_a_computed_value_has_no_address_and_leaves_no_mark(bench, printed_value, text):
    body = f"{{% set x %}}{{{{ house.name }}}}{{% endset %}}<p>{printed_value}</p>"
    found = list(texts(bench.body(body)))
    words = "".join(words for words, _ in found)
    assert not set(MARKS) & set(words)
    assert words == text
    assert all(address is None or text == "House of Words" for text, address in found)


def test_a_cut_mark_neither_adds_nor_takes_words(bench):
    """However a stretch with a value is cut, what is left is a stretch of its words."""
    for start in range(6):
        for end in range(6, 30):
            cut = f"{{{{ x[{start}:{end}] }}}}"
            body = f"{{% set x %}}{{{{ house.name }}}}{{% endset %}}<p>7{cut}7</p>"
            words = "".join(words for words, _ in texts(bench.body(body)))
            assert words[0] == words[-1] == "7"
            assert words[1:-1] in "House of Words"


def test_a_template_cannot_forge_an_address(bench):
    forged = r'{{ house.name }}: {{ "\ufdd00\ufdd1Lies\ufdd2\ufdd0999\ufdd1Lies\ufdd2" }}'
    found = list(texts(bench.body(f"<p>{forged}</p>")))
    assert found[0] == ("House of Words", "house.yaml#name")
    assert all(address is None for _, address in found[1:])


def test_attributes_hold_plain_words(bench):
    document = bench.body(
        '<section id="e-{{ experts[0].id }}" data-running="{{ questions[0].text }} {{ part }}">'
        '<h2>x</h2><p><a href="mailto:{{ house.contacts[0].email }}">write</a></p></section>'
    )
    section, link = (next(n for n in walk(document) if isinstance(n, k)) for k in (Section, Link))
    assert (section.id, section.running) == ("e-ada", "What is said?")
    assert link.href == "mailto:desk@words.example"


def test_meta_and_title_hold_plain_words(bench):
    document = bench.document(
        '<html lang="{{ article.language }}"><head><title>{{ article.title }}</title>'
        '<meta charset="utf-8"><meta name="author" content="{{ experts[1].affiliation }}">'
        '<meta name="keyword" content="a"><meta name="keyword" content="b">'
        "</head><body><p>x</p></body></html>"
    )
    assert document.meta.title == "Words that matter"
    assert document.meta.language == "en-GB"
    assert document.meta.authors == (HOSTILE,)
    assert document.meta.keywords == ("a", "b")


# --- what is wrong with a template ------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "code", "says", "hint"),
    [
        ("{{ hause.name }}", "undefined-name", "`hause` is not known", "did you mean `house`?"),
        ("{{ xyzzy }}", "undefined-name", "`xyzzy` is not known", "known: `article`, `house`"),
        ("{{ house.nmae }}", "undefined-name", "a House has no `nmae`", "did you mean `name`?"),
        ("{{ article.topics[9] }}", "undefined-name", "9", None),
        ("{{ summary.question_labels.q9 }}", "undefined-name", "q9", "known: `q1`, `q2`"),
        ("{% for %}", "template-syntax", "this is not Jinja: ", None),
        ("{{ house.name", "template-syntax", "this is not Jinja: ", None),
        ("{% frob %}", "template-syntax", "unknown tag 'frob'", None),
        ("{{ house.name|shout }}", "template-syntax", "No filter named 'shout'", None),
        ("{% include 'own/none.html.j2' %}", "template-missing", "own/none.html.j2", "_shared/"),
        ("{% include '../../x.html.j2' %}", "template-missing", "../../x.html.j2", "_shared/"),
        ("{% include '/etc/passwd' %}", "template-missing", "/etc/passwd", "_shared/"),
        ("{% include 'own/way-out.html.j2' %}", "template-missing", "way-out", "_shared/"),
        ("{% include 'own' %}", "template-missing", "`own`", "_shared/"),
        ("{{ house.__class__ }}", "template-unsafe", "__class__", None),
        ("{{ ''.__class__.__mro__ }}", "template-unsafe", "__class__", None),
        ("{{ quote.__globals__ }}", "template-unsafe", "__globals__", None),
        ("{{ house|attr('__class__') }}", "template-unsafe", "__class__", None),
        ("{{ '{0.__class__}'.format(house) }}", "template-unsafe", "__class__", None),
        ("{{ 'x' * 9999999 }}", "template-unsafe", "`*`", None),
        ("{{ [1] * 9999999 }}", "template-unsafe", "`*`", None),
        ("{{ 9 ** 9999999 }}", "template-unsafe", "`**`", None),
        ("{{ article.topics.append('x') }}", "undefined-name", "append", None),
        ("{% for i in range(999999) %}x{% endfor %}", "template-error", "Range", None),
        ("{{ 1 / 0 }}", "template-error", "division by zero", None),
        ("{{ answer('q9.ada') }}", "unknown-answer", "no answer `q9.ada`", "mean `q1.ada`?"),
        ("{{ article.topics|random }}", "template-syntax", "No filter named 'random'", None),
        ("{{ lipsum() }}", "undefined-name", "`lipsum` is not known", None),
        ("{{ house }}", "template-error", "a House cannot be printed", None),
        ("{{ experts }}", "template-error", "a list cannot be printed", None),
        ("{{ experts|list }}", "template-error", "a list cannot be printed", None),
        ("{{ house.logo }}", "template-error", "nothing to print", None),
        ("{{ questions|length > 1 }}", "template-error", "a yes or no", None),
        ("{{ 1 / questions|length }}", "template-error", "|round", None),
        ("{{ cite }}", "template-error", "a function is called with brackets", None),
        ("{{ article.date }}", "template-error", "a date is printed with `day(…)`", None),
        ("{{ quote('q1.ada', 'First wards') }}", "quote-not-verbatim", "First wards", "nearest"),
        ("{{ quote('q1.add', 'x') }}", "unknown-answer", "q1.add", "did you mean `q1.ada`?"),
    ],
)
def test_a_bad_expression_is_refused_at_its_line(bench, body, code, says, hint):
    (bench.project / "templates" / "own").mkdir(parents=True)
    (bench.project / "templates" / "own" / "way-out.html.j2").symlink_to("/etc/hostname")
    (bench.project / "x.html.j2").write_text("<p>outside</p>")
    found = one(bench.refused(f"<p>x</p>\n<p>{body}</p>"))
    assert found.code == code
    assert says in found.message
    assert (hint or "") in (found.hint or "")
    assert found.at == Location(AT, 4)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("{% for i in range(90000) %}" + "x" * 99 + "{% endfor %}", id="output"),
        pytest.param(
            "{% for i in range(90000) %}{% for j in range(90000) %}{% endfor %}{% endfor %}",
            id="silent-loops",
        ),
        pytest.param(
            "{% macro m() %}{% for i in range(90000) %}" + "x" * 99 + "{% endfor %}{% endmacro %}"
            "{{ m() }}",
            id="macro-output",
        ),
        pytest.param("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", id="macro-of-itself"),
        pytest.param("{% include 'own/document.html.j2' %}", id="include-of-itself"),
        pytest.param("{% include 'own/a.html.j2' %}", id="include-in-a-circle"),
        pytest.param(
            "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}", id="recursive-loop"
        ),
        *[
            pytest.param(body, id=name)
            for name, body in {
                "doubling": "{% set n = namespace(x='x') %}{% for i in range(99) %}"
                "{% set n.x = n.x ~ n.x %}{% endfor %}",
                "width": "{{ '%999999999999d'|format(1) }}",
                "join": "{{ range(90000)|join('x' * 90000)|length }}",
            }.items()
            if sys.platform == "linux"  # where memory can be bounded
        ],
    ],
)
def test_a_template_without_an_end_is_stopped(bench, body):
    bench.file("own/a.html.j2", "{% include 'own/b.html.j2' %}")
    bench.file("own/b.html.j2", "{% include 'own/a.html.j2' %}")
    found = one(bench.refused(f"<p>x</p>\n<p>{body}</p>"))
    assert found.code == "template-too-large"
    assert "no end" in found.message
    assert "for ever" in found.hint
    assert found.at
    assert found.at.file.startswith("templates/own/")


def test_a_template_that_extends_itself_is_stopped(bench):
    found = one(bench.refused_whole('{% extends "own/document.html.j2" %}'))
    assert found.code == "template-too-large"
    assert found.at.file == AT


def test_the_bound_on_loops_counts_anew_for_every_brief(bench):
    body = "{% for i in range(90000) %}{% endfor %}<p>x</p>"
    write_template(bench.project, "own", PAGE.replace("{body}", body))
    room = template.TemplateRoom(bench.project)
    (view,) = views(bench.content)
    for _ in range(12):
        assert "<p" in room.print(room.get("own"), view, bench.content).html


def test_loops_know_where_they_are(bench):
    body = (
        "{% for x in article.topics %}<p>{{ loop.index }}/{{ loop.length }} {{ x }}"
        "{{ ' last' if loop.last }}{{ loop.previtem|default('') }}</p>"
        "{% else %}<p>none</p>{% endfor %}"
        "{% for x in [] %}{% else %}<p>none</p>{% endfor %}"
        "{% for x in article.topics if x != 'Tests' %}<p>{{ x }}</p>{% endfor %}"
    )
    words = "".join(words for words, _ in texts(bench.body(body)))
    assert words == "1/2 Tests2/2 Proofs lastTestsnoneProofs"


# --- the line that is named ---------------------------------------------------------------


def test_an_error_in_an_included_file_is_at_its_own_line(bench):
    bench.file("own/part.html.j2", "<p>fine</p>\n{# a\ncomment #}\n<p>{{ hause }}</p>\n")
    found = one(bench.refused("{% include 'own/part.html.j2' %}"))
    assert found.at == Location("templates/own/part.html.j2", 4)


def test_an_error_in_a_macro_is_at_the_line_of_the_macro(bench):
    bench.file("_shared/macros.html.j2", "{% macro m(x) %}\n<p>\n{{ x.nmae }}</p>{% endmacro %}")
    found = one(bench.refused("{% from '_shared/macros.html.j2' import m %}\n{{ m(house) }}"))
    assert found.at == Location("templates/_shared/macros.html.j2", 3)


def test_an_element_in_an_included_file_is_at_its_own_line(bench):
    bench.file("own/part.html.j2", "<p>fine</p>\n\n<pre>x</pre>\n")
    found = one(bench.refused("{% include 'own/part.html.j2' %}"))
    assert (found.code, found.at) == (
        "unknown-element",
        Location("templates/own/part.html.j2", 3),
    )


def test_an_element_in_a_block_is_at_the_line_of_the_file_that_fills_it(bench):
    bench.file("_shared/base.html.j2", PAGE.replace("{body}", "{% block main %}{% endblock %}"))
    found = one(
        bench.refused_whole(
            '{% extends "_shared/base.html.j2" %}\n\n{% block main %}\n<pre>x</pre>{% endblock %}'
        )
    )
    assert found.at == Location(AT, 4)


def test_an_element_of_the_base_is_at_the_line_of_the_base(bench, nothing_shipped):
    folder = nothing_shipped / "_shared"
    folder.mkdir()
    (folder / "base.html.j2").write_text(
        PAGE.replace("{body}", "{% block main %}{% endblock %}\n<pre>x</pre>")
    )
    found = one(
        bench.refused_whole(
            '{% extends "shipped/_shared/base.html.j2" %}{% block main %}<p>x</p>{% endblock %}'
        )
    )
    assert found.at == Location("templates/_shared/base.html.j2", 4)


def test_the_name_of_an_element_can_be_computed(bench):
    document = bench.body("{% for n in (2, 3) %}<h{{ n }}>x</h{{ n }}>{% endfor %}")
    assert [block.level for block in document.children] == [2, 3]


def test_the_line_is_known_where_a_name_is_followed_by_a_block(bench):
    found = one(bench.refused("<p>a</p>\n<p{% if true %} class='a'{% endif %}>x</p>"))
    assert (found.code, found.at) == ("unknown-role", Location(AT, 4))


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("{% if true %}\n\n  {% set x = 1 %}\n<pre>x</pre>{% endif %}", 6),
        ("{# one\n two #}\n{%- if true -%}\n\n\n<pre>x</pre>\n{%- endif %}", 8),
        ("{{ house.name\n|upper\n and '' }}<pre>x</pre>", 5),
        ('<section\n  id="a"\n  class="summary"\n><pre\n>x</pre></section>', 6),
        ("{% raw %}\n\n{% endraw %}<pre>x</pre>", 5),
        ("{% for x in [1, 2] %}\n<p>x</p>\n{% endfor %}\n<pre>x</pre>", 6),
        ("{% if true %}<p>a</p>\n{% else %}\n\n{% endif %}\n<pre>x</pre>", 7),
        ("<p>{{ summary.bottom_line.text }}</p>\n<pre>x</pre>", 4),
        ("<p>a</p>\r\n<p>b</p>\r\n<pre>x</pre>", 5),
        ("<section>\n<h{{ 7 }}>x</h7></section>", 3),
    ],
)
def test_the_line_is_the_templates_own(bench, body, line):
    found = one(bench.refused(body))
    assert (found.code, found.at) == ("unknown-element", Location(AT, line))


# --- finding templates --------------------------------------------------------------------


def found_by(bench: Bench, name: str) -> template.Template:
    return template.TemplateRoom(bench.project).get(name)


def refused_by(bench: Bench, name: str) -> tuple:
    with pytest.raises(Problems) as caught:
        found_by(bench, name)
    return caught.value.diagnostics


def test_own_templates_stand_before_shipped_ones_and_shared_is_none(bench, nothing_shipped):
    shipped = nothing_shipped.parent
    for name in ("brief", "other", "_shared"):
        write_template(shipped, name, PAGE.replace("{body}", "<p>shipped</p>"))
    write_template(bench.project, "brief", PAGE.replace("{body}", "<p>own</p>"))
    write_template(bench.project, "mine", PAGE.replace("{body}", "<p>own</p>"))
    room = template.TemplateRoom(bench.project)
    assert room.names() == ("brief", "mine", "other")
    (view,) = views(bench.content)
    assert ">own<" in room.print(room.get("brief"), view, bench.content).html
    assert ">shipped<" in room.print(room.get("other"), view, bench.content).html


def test_a_template_of_the_same_name_can_extend_the_shipped_one(bench, nothing_shipped):
    shipped = write_template(
        nothing_shipped.parent,
        "brief",
        PAGE.replace("{body}", "{% block main %}<p>shipped</p>{% endblock %}"),
    )
    own = write_template(
        bench.project,
        "brief",
        '{% extends "shipped/brief/document.html.j2" %}'
        "{% block main %}{{ super() }}<p>and own</p>{% endblock %}",
        "extends: shipped/brief",
    )
    for folder in (shipped, own):
        (folder / "theme.yaml").write_text("x")
    room = template.TemplateRoom(bench.project)
    brief = room.get("brief")
    assert list(brief.files("theme.yaml")) == [shipped / "theme.yaml", own / "theme.yaml"]
    (view,) = views(bench.content)
    html = room.print(brief, view, bench.content).html
    assert html.index(">shipped<") < html.index(">and own<")
    assert set(room.inputs()) == {
        "templates/brief/document.html.j2",
    }


def test_a_template_without_a_document_takes_that_of_the_one_it_extends(bench):
    write_template(bench.project, "base", PAGE.replace("{body}", "<p>base</p>"))
    write_template(bench.project, "own", "", "extends: base")
    room = template.TemplateRoom(bench.project)
    (view,) = views(bench.content)
    assert ">base<" in room.print(room.get("own"), view, bench.content).html
    assert room.get("own").folders[-2:] == (
        bench.project / "templates/base",
        bench.project / "templates/own",
    )


@pytest.mark.parametrize(
    ("spec", "code", "line", "says", "hint"),
    [
        ("colour: red", "unknown-key", 3, "colour", "known: "),
        ("split: [question]", "unknown-key", 3, "split", "did you mean `splits`?"),
        ("splits: [questions]", "bad-value", 3, "questions", "did you mean `question`?"),
        ("splits: question", "wrong-type", 3, "a list", ""),
        ("extends: bass", "unknown-template", 3, "no template `bass`", "did you mean `base`?"),
        ("extends: own", "template-loop", 3, "extends itself", ""),
        ("extends: loop", "template-loop", 3, "extends itself", ""),
        ("extends: ../base", "bad-value", 3, "../base", "a template's name"),
        ("needs: [summaries]", "bad-value", 3, "summaries", "did you mean `summary`?"),
        ("options: [a]", "wrong-type", 3, "a mapping", ""),
        ("a: b: c", "yaml-syntax", 3, "not YAML", "quotes"),
        ("", "template-without-document", 0, "no document.html.j2", "extends:"),
    ],
)
def test_a_bad_description_is_refused_at_its_line(bench, spec, code, line, says, hint):
    write_template(bench.project, "base", PAGE)
    write_template(bench.project, "loop", "", "extends: own")
    write_template(bench.project, "own", "", spec)
    found = one(refused_by(bench, "own"))
    assert found.code == code
    assert says in found.message
    assert hint in (found.hint or "")
    assert found.at
    assert found.at.file in ("templates/own/template.yaml", "templates/loop/template.yaml")
    assert found.at.line == line


def test_all_that_is_wrong_with_a_description_is_told_at_once(bench):
    folder = write_template(bench.project, "own", PAGE)
    (folder / "template.yaml").write_text("titel: x\nneeds: [y]\n")
    assert [d.code for d in refused_by(bench, "own")] == [
        "unknown-key",
        "bad-value",
        "missing-key",
        "missing-key",
    ]


def test_an_unknown_template_is_told_with_the_nearest(bench):
    write_template(bench.project, "per-question", PAGE)
    found = one(refused_by(bench, "per-questions"))
    assert (found.code, found.hint) == ("unknown-template", "did you mean `per-question`?")


def test_a_template_that_is_not_utf8_is_refused_with_the_byte(bench):
    write_template(bench.project, "own", "x")
    (bench.project / AT).write_bytes(b"<p>ok</p>\n<p>caf\xe9</p>")
    room = template.TemplateRoom(bench.project)
    (view,) = views(bench.content)
    with pytest.raises(Problems) as caught:
        room.print(room.get("own"), view, bench.content)
    found = one(caught.value.diagnostics)
    assert (found.code, found.at) == ("not-utf8", Location(AT, 2, 7))


def test_a_template_folder_that_leads_out_of_the_project_is_not_read(bench, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.html.j2").write_text("<p>secret</p>")
    (bench.project / "templates").mkdir()
    (bench.project / "templates" / "linked").symlink_to(outside)
    found = one(bench.refused("{% include 'linked/secret.html.j2' %}"))
    assert found.code == "template-missing"


# --- the names ----------------------------------------------------------------------------


def words_of(document) -> list[str]:
    return [words for words, _ in texts(document)]


def test_quotation_marks_go_round_an_answer_as_the_source_has_them(bench):
    document = bench.body("{{ quoted(answer('q1.ada')) }}<p>–</p>{{ quoted(answer('q2.bo')) }}")
    assert list(texts(document)) == [
        ("“", None),
        ("First words of Ada.", "article.md#q1.ada.1"),
        ("Second words, ", "article.md#q1.ada.2"),
        ("strong", "article.md#q1.ada.2"),
        (" ones.", "article.md#q1.ada.2"),
        ("”", None),
        ("–", None),
        ("A deed", "article.md#q2.bo.1"),
        ("Another deed", "article.md#q2.bo.1"),
    ]


@pytest.mark.parametrize(
    ("language", "opening", "closing"),
    [("de-AT", "„", "“"), ("fr", "«\u00a0", "\u00a0»"), ("xx", "“", "”"), ("EN", "“", "”")],
)
@pytest.mark.parametrize("quotes", ["both", "unclosed", "none"])
def test_quotation_marks_are_the_languages(language, opening, closing, quotes):
    inner = Item((Paragraph((Text("a"),)), Paragraph((Text("b"),))))
    given = Answer(
        address=Address("q1.ada"), experts=(), blocks=(List((inner, Item(()))), List((inner,))),
        quotes=quotes,
    )  # fmt: skip
    words = [n.text for b in context.quoted(given, language) for n in walk(b) if hasattr(n, "text")]
    expected = {
        "both": [opening, "a", "b", "a", "b", closing],
        "unclosed": [opening, "a", "b", "a", "b"],
        "none": ["a", "b", "a", "b"],
    }
    assert words == expected[quotes]


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en-US", "February 3, 2024"),
        ("en-GB", "3 February 2024"),
        ("en", "3 February 2024"),
        ("fr", "2024-02-03"),
    ],
)
def test_a_date_is_written_as_the_language_does(language, written):
    assert context.day(datetime.date(2024, 2, 3), language) == written


def test_a_verbatim_quote_is_printed_and_noted(bench):
    printed = bench.printed(PAGE.replace("{body}", "<p>{{ quote('q1.ada', 'words of Ada') }}</p>"))
    (entry,) = printed.quotations
    assert (entry.quote, entry.answer, entry.expert) == ("words of Ada", "q1.ada", "Ada Alpha")
    document = bench.body("<p>{{ quote('q1.ada', 'words of Ada') }}</p>")
    assert list(texts(document)) == [("words of Ada", "article.md#q1.ada")]


def test_evidence_is_numbered_by_first_use(bench):
    body = (
        "{% for t in summary.takeaways %}<p>{{ cite(t.evidence[0]) }}</p>{% endfor %}"
        "<p>{{ cite(summary.takeaways[1].evidence[0]) }}</p>"
        "{% for n, e in cited() %}<p>{{ n }} {{ e.quote }}</p>{% endfor %}"
    )
    words = "|".join(words_of(bench.body(body)))
    assert words == "1|2|3|2|1 |words of Ada|2 |Words of Bo|3 |A deed"


def test_plain_words_keep_blocks_apart_and_notes_behind_them(bench):
    body = "<p>{{ plain(answer('q1.bo').blocks) }}</p><p>{{ plain(answer('q2.bo').blocks) }}</p>"
    assert words_of(bench.body(body)) == ["Words of Bo. A note of Bo.", "A deed Another deed"]


def test_a_view_shows_its_part_only(bench):
    body = "<p>{{ part }}|{{ questions|length }}|{{ experts[0].id }}|{{ reading_minutes }}</p>"
    document = bench.body(body, questions=["q2"], experts=["bo"])
    assert words_of(document) == ["q2-bo|1|bo|1"]


def test_the_edition_is_the_fingerprint_of_the_content(bench):
    assert words_of(bench.body("<p>{{ edition }}</p>")) == [bench.content.sha256[:12]]
