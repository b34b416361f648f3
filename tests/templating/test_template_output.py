"""What a template prints keeps its address, and faults are reported at its line."""

import sys

import pytest

from pipeline.content.views import select_views
from pipeline.diagnostics import Location
from pipeline.document.tree import Link, Section, walk
from pipeline.templating import catalogue
from pipeline.templating.provenance_marks import MARKS
from tests.support.workbench import AT, HOSTILE, PAGE, get_only, list_texts, write_template

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
    assert (text, address) in list_texts(bench.body(written, "options: {greeting: Hello}"))


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
    assert ("House of Words", "house.yaml#name") in list_texts(bench.body(body))


def test_the_address_survives_inheritance(bench):
    bench.file("_shared/base.html.j2", PAGE.replace("{body}", "{% block main %}{% endblock %}"))
    document = bench.document(
        '{% extends "_shared/base.html.j2" %}{% block main %}<p>{{ house.name }}</p>{% endblock %}'
    )
    assert list(list_texts(document)) == [("House of Words", "house.yaml#name")]


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
    found = list(list_texts(bench.body(body)))
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
            words = "".join(words for words, _ in list_texts(bench.body(body)))
            assert words[0] == words[-1] == "7"
            assert words[1:-1] in "House of Words"


def test_a_template_cannot_forge_an_address(bench):
    forged = r'{{ house.name }}: {{ "\ufdd00\ufdd1Lies\ufdd2\ufdd0999\ufdd1Lies\ufdd2" }}'
    found = list(list_texts(bench.body(f"<p>{forged}</p>")))
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
    ("body", "code", "message", "hint"),
    [
        ("{{ hause.name }}", "undefined-name", "`hause` is not known", "did you mean `house`?"),
        ("{{ xyzzy }}", "undefined-name", "`xyzzy` is not known", "known: `article`, `house`"),
        ("{{ house.nmae }}", "undefined-name", "a House has no `nmae`", "did you mean `name`?"),
        (
            "{{ house.logo.file }}",
            "undefined-name",
            "nothing is here that could have `file`; ask first, with `{% if … %}`",
            None,
        ),
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
def test_a_bad_expression_is_refused_at_its_line(bench, body, code, message, hint):
    (bench.project / "templates" / "own").mkdir(parents=True)
    (bench.project / "templates" / "own" / "way-out.html.j2").symlink_to("/etc/hostname")
    (bench.project / "x.html.j2").write_text("<p>outside</p>")
    found = get_only(bench.catch_refusal(f"<p>x</p>\n<p>{body}</p>"))
    assert found.code == code
    assert message in found.message
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
    found = get_only(bench.catch_refusal(f"<p>x</p>\n<p>{body}</p>"))
    assert found.code == "template-too-large"
    assert "no end" in found.message
    assert "for ever" in (found.hint or "")
    assert found.at
    assert found.at.file.startswith("templates/own/")


def test_a_template_that_extends_itself_is_stopped(bench):
    found = get_only(bench.catch_whole_refusal('{% extends "own/document.html.j2" %}'))
    assert found.code == "template-too-large"
    assert found.at.file == AT


def test_the_bound_on_loops_counts_anew_for_every_brief(bench):
    body = "{% for i in range(90000) %}{% endfor %}<p>x</p>"
    write_template(bench.project, "own", PAGE.replace("{body}", body))
    templates = catalogue.TemplateCatalogue(bench.project)
    (view,) = select_views(bench.content)
    for _ in range(12):
        assert (
            "<p" in templates.render_view(templates.get_template("own"), view, bench.content).html
        )


def test_a_system_that_cannot_bound_memory_prints_all_the_same(bench, monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    document = bench.body("<p>{{ house.name }}</p>")
    assert list(list_texts(document)) == [("House of Words", "house.yaml#name")]


def test_loops_know_where_they_are(bench):
    body = (
        "{% for x in article.topics %}<p>{{ loop.index }}/{{ loop.length }} {{ x }}"
        "{{ ' last' if loop.last }}{{ loop.previtem|default('') }}</p>"
        "{% else %}<p>none</p>{% endfor %}"
        "{% for x in [] %}{% else %}<p>none</p>{% endfor %}"
        "{% for x in article.topics if x != 'Tests' %}<p>{{ x }}</p>{% endfor %}"
    )
    words = "".join(words for words, _ in list_texts(bench.body(body)))
    assert words == "1/2 Tests2/2 Proofs lastTestsnoneProofs"


# --- the line that is named ---------------------------------------------------------------


def test_an_error_in_an_included_file_is_at_its_own_line(bench):
    bench.file("own/part.html.j2", "<p>fine</p>\n{# a\ncomment #}\n<p>{{ hause }}</p>\n")
    found = get_only(bench.catch_refusal("{% include 'own/part.html.j2' %}"))
    assert found.at == Location("templates/own/part.html.j2", 4)


def test_an_error_in_a_macro_is_at_the_line_of_the_macro(bench):
    bench.file("_shared/macros.html.j2", "{% macro m(x) %}\n<p>\n{{ x.nmae }}</p>{% endmacro %}")
    found = get_only(
        bench.catch_refusal("{% from '_shared/macros.html.j2' import m %}\n{{ m(house) }}")
    )
    assert found.at == Location("templates/_shared/macros.html.j2", 3)


def test_an_element_in_an_included_file_is_at_its_own_line(bench):
    bench.file("own/part.html.j2", "<p>fine</p>\n\n<pre>x</pre>\n")
    found = get_only(bench.catch_refusal("{% include 'own/part.html.j2' %}"))
    assert (found.code, found.at) == (
        "unknown-element",
        Location("templates/own/part.html.j2", 3),
    )


def test_an_element_in_a_block_is_at_the_line_of_the_file_that_fills_it(bench):
    bench.file("_shared/base.html.j2", PAGE.replace("{body}", "{% block main %}{% endblock %}"))
    found = get_only(
        bench.catch_whole_refusal(
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
    found = get_only(
        bench.catch_whole_refusal(
            '{% extends "shipped/_shared/base.html.j2" %}{% block main %}<p>x</p>{% endblock %}'
        )
    )
    assert found.at == Location("templates/_shared/base.html.j2", 4)


def test_the_name_of_an_element_can_be_computed(bench):
    document = bench.body("{% for n in (2, 3) %}<h{{ n }}>x</h{{ n }}>{% endfor %}")
    assert [block.level for block in document.children] == [2, 3]


def test_the_line_is_known_where_a_name_is_followed_by_a_block(bench):
    found = get_only(bench.catch_refusal("<p>a</p>\n<p{% if true %} class='a'{% endif %}>x</p>"))
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
    found = get_only(bench.catch_refusal(body))
    assert (found.code, found.at) == ("unknown-element", Location(AT, line))
