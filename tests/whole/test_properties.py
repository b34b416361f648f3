"""Whatever is written, its words come through unchanged, or it is refused with a place.

The examples are the same each time; to look for new ones, run with ``EXAMPLES=5000``.
"""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.content import loader
from pipeline.content.views import select_views
from pipeline.diagnostics import Problems, make_problem
from pipeline.document import characters
from pipeline.document.tree import Address, Footnote, Text, to_full_text, to_json, walk
from pipeline.records import SourcedText
from pipeline.templating import catalogue
from pipeline.templating.compose import compose
from pipeline.templating.html_tree import ATTRIBUTES
from pipeline.templating.provenance_marks import BETWEEN, CLOSE, DIGITS, OPEN, RenderedHtml
from tests.support.markdown_texts import TROUBLE, examples
from tests.support.small_project import MINI, find_path
from tests.support.workbench import PAGE, write_template


def pieces(listed: str) -> st.SearchStrategy[str]:
    """Take pieces from a list, in which ``·`` is a space and ``¶`` the end of a line."""
    return st.sampled_from([p.replace("·", " ").replace("¶", "\n") for p in listed.split()])


ANYTHING = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
WORDS = st.one_of(ANYTHING, TROUBLE)


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Path:
    """A project to write anew for each example, with a template that prints all of it."""
    project = tmp_path_factory.mktemp("project")
    (project / "content" / "mini").mkdir(parents=True)
    document = """\
<html lang="en"><head><title>{{ article.title }}</title></head><body>
<h1>{{ article.title }}</h1>
{{ article.introduction }}
{{ article.about }}
{% for question in questions %}
<h2>{{ question.text }}</h2>
{% for given in question.answers %}{{ given.blocks }}{% endfor %}
{% endfor %}
</body></html>"""
    write_template(project, "own", document)
    return project


def write(project: Path, **files: str | bytes) -> None:
    for name, text in MINI.items():
        data = files.get(name.split(".")[0], text)
        find_path(project, name).write_bytes(data if isinstance(data, bytes) else data.encode())


def printed(project: Path) -> dict[str, list[str]]:
    """Load, print and compose; return the words that the tree has from each address."""
    read = loader.load_content(project, "mini")
    templates = catalogue.TemplateCatalogue(project)
    (view,) = select_views(read)
    document = compose(
        templates.render_view(templates.get_template("own"), view, read), read.images, not_asked
    )
    assert to_json(document)
    found: dict[str, str] = {}
    for node in walk(document):
        if isinstance(node, Text):
            found[str(node.source)] = found.get(str(node.source), "") + node.text
    return {address: text.split() for address, text in found.items()}


def not_asked(name, at):
    raise AssertionError("no image is shown")


def list_refusals(call, *arguments):
    """Return what a call refuses, each with its place; None when it went well."""
    try:
        call(*arguments)
    except Problems as problems:
        found = problems.diagnostics
    else:
        return None
    assert found
    assert all(one.message for one in found)
    return found


def in_markdown(text: str) -> str:
    """Write words as an author would: on one line, with a backslash before every sign."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", " ".join(text.split()))


def in_yaml(text: str) -> str:
    """Write words in double quotes, with what cannot be printed as an escape (YAML 1.2 §5.7)."""
    return '"' + re.sub(r"[^ !#-\[\]-~]", lambda m: f"\\U{ord(m[0]):08x}", text) + '"'


# --- words --------------------------------------------------------------------------------


@examples(80)
@given(text=WORDS)
def test_words_in_markdown_come_through_or_are_refused_at_their_line(small, text):
    escaped = in_markdown(text)
    article = (
        MINI["article.md"]
        .replace("An introduction.", escaped)
        .replace("Why do words matter?", f"Q {escaped}")
        .replace("It depends.", f"{escaped}\n\n- {escaped}\n\n> *A* {escaped}\n")
    )
    write(small, article=article)
    if bad := characters.find_refused_character(escaped):
        found = list_refusals(loader.load_content, small, "mini")
        assert found
        assert {f.code for f in found} == {"bad-character"}
        assert {f.at.line for f in found} == {10, 12, 20, 22, 24}
        assert all(bad in f.message for f in found)
    elif not escaped:
        assert list_refusals(loader.load_content, small, "mini") is None
    else:
        got = printed(small)
        assert got["article.md#introduction.1"] == text.split()
        assert got["article.md#q1"] == ["Q", *text.split()]
        assert got["article.md#q1.bob.1"] == text.split()
        assert got["article.md#q1.bob.2"] == text.split()
        assert got["article.md#q1.bob.3"] == ["A", *text.split()]


@examples(80)
@given(text=WORDS)
def test_words_in_yaml_come_through_or_are_refused_at_their_line(small, text):
    about = in_yaml(f"About {in_markdown(text)}")
    article = MINI["article.md"].replace("Small talk", in_yaml(text))
    write(small, article=article.replace("experts:", f"about: {about}\nexperts:"))
    if characters.find_refused_character(text) or not text.strip():
        found = list_refusals(loader.load_content, small, "mini")
        assert {f.code for f in found} <= {"bad-character", "empty-value"}
        assert {f.at.line for f in found} <= {2, 5}
        assert found[0].at.line == 2
    elif refused := list_refusals(loader.load_content, small, "mini"):
        assert {(f.code, f.at.line) for f in refused} == {("raw-signs", 2)}
    else:
        got = printed(small)
        assert got["article.md#title"] == text.split()
        assert got["article.md#about"] == ["About", *text.split()]


@examples(150)
@given(text=WORDS)
def test_no_markdown_loses_a_word(small, text):
    """However it is meant, what is not refused has the same letters and digits as it was."""
    article = MINI["article.md"].replace("It depends.", text)
    write(small, article=article)
    found = list_refusals(loader.load_content, small, "mini")
    if found is None:
        read = loader.load_content(small, "mini")
        words = to_full_text(
            [b for q in read.article.questions for a in q.answers for b in a.blocks]
        )
        if not re.search(r"[&<\[]|\d[.)]", text):  # entities, links and numbers of lists aside
            assert letters(words) == letters("Because words bind, and norms do too." + text)
    else:
        assert all(f.at and f.at.line for f in found)


def letters(text: str) -> list[str]:
    return [letter for letter in text if letter.isalnum()]


# --- anything at all ----------------------------------------------------------------------


BYTES = st.one_of(st.binary(max_size=80), WORDS.map(str.encode))
PIECES = pieces(
    r"""--- ¶ ---¶ ¶---¶ ·· -· :· ?· #· >· { } [ ] " ' | |¶ >-¶ &a· *a !!str· ~ null ` \ &amp; &#0;
    title:·x¶ experts:¶ ··ann:·{name:·A}¶ date:·2024-02-30¶ 2024-02-29 1e999 %YAML·1.1¶ ...¶
    ##·ann¶ ##·ann,·bob¶ {#q1} {quotes=none} [^1] [^1]:·a¶ ![a](b.png) [a](https://x.example) <b>
    """
) | st.sampled_from("\t\ufeff\x00\xe9")


@st.composite
def spoilt(draw, text: str) -> bytes:
    """A good file with a piece cut out and others put in, or anything at all."""
    if draw(st.integers(0, 4)) == 0:
        return draw(BYTES)
    start, length = draw(st.integers(0, len(text))), draw(st.sampled_from([0, 0, 1, 5, 40]))
    pieces = draw(st.lists(st.one_of(PIECES, WORDS), max_size=5))
    edited = text[:start] + "".join(pieces) + text[start + length :]
    return edited.encode(draw(st.sampled_from(["utf-8", "utf-8", "utf-8", "utf-16"])), "replace")


@pytest.mark.parametrize("name", ["article", "summary", "house"])
@examples(100)
@given(data=st.data())
def test_any_file_is_read_or_refused(small, name, data):
    file = f"{name}.yaml" if name != "article" else "article.md"
    write(small, **{name: data.draw(spoilt(MINI[file]))})
    for found in list_refusals(loader.load_content, small, "mini") or ():
        assert found.at
        assert find_path(small, file).relative_to(small).as_posix() == found.at.file or (
            found.code in FOLLOWING
        )


FOLLOWING = ("unknown-question", "unknown-expert", "unknown-answer", "quote-not-verbatim")
"""What the summary says is compared with the article, so a spoilt article shows there as well."""
# --- HTML ---------------------------------------------------------------------------------


TAGS = st.sampled_from([*sorted(ATTRIBUTES), "script", "pre", "svg", "h7"])
NAMES = pieces(
    "class id href start scope src alt name content data-at data-depth data-running lang style"
)
VALUES = st.one_of(
    pieces("lead note page footnote author a #a 3 2024-02-29 https://x.example x:² x.j2:4"),
    WORDS,
)
MARKED = f"{OPEN}{DIGITS[0]}{BETWEEN}%s{CLOSE}"


@st.composite
def tag(draw) -> str:
    names = draw(st.lists(NAMES, max_size=3))
    attributes = "".join(f' {name}="{draw(VALUES)}"' for name in names)
    return f"<{draw(TAGS)}{attributes}{draw(st.sampled_from(['', '/']))}>"


SOUP = st.lists(
    st.one_of(
        tag(),
        TAGS.map(lambda name: f"</{name}>"),
        WORDS,
        pieces("<!-- --> <![CDATA[ <? <! & &#0; &#xd800; </ <"),
        st.sampled_from([MARKED % "A", MARKED % "", OPEN, CLOSE]),
    ),
    max_size=25,
).map("".join)


@examples(250)
@given(soup=SOUP, whole=st.booleans())
def test_any_html_is_composed_or_refused(soup, whole):
    html = soup if whole else PAGE.replace("{body}", soup)
    found = list_refusals(composed, html)
    for diagnostic in found or ():
        assert diagnostic.code


def composed(html):
    name = SourcedText.from_text("A", Address("house.yaml#name"))
    document = compose(RenderedHtml(html, [name]), {}, not_there)
    assert to_json(document)
    return document


def not_there(name, at):
    raise make_problem("image-missing", "no image", at)


WORD = st.integers(0, 999).map(lambda number: f"word{number}")
LINE = st.recursive(
    WORD,
    lambda inner: st.builds(
        lambda name, parts: f"<{name}>{' '.join(parts)}</{name.split()[0]}>",
        pieces('em strong span span·class="term" span·class="footnote" a·href="https://x.example"'),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=6,
)


def wrapped(*tags):
    def wrap(inner):
        for name in reversed(tags):
            inner = f"<{name}>{inner}</{name.split()[0]}>"
        return inner

    return wrap


FLOW = st.recursive(
    st.one_of(LINE.map(wrapped("p")), LINE.map(wrapped("ul", "li")), LINE.map(wrapped("h3"))),
    lambda inner: st.builds(
        lambda wrap, parts: wrap("\n".join(parts)),
        st.sampled_from(
            [
                wrapped("section"),
                wrapped("aside"),
                wrapped("blockquote"),
                wrapped("ol", "li"),
                lambda inside: f"<dl><dt>t</dt><dd>{inside}</dd></dl>",
                lambda inside: f"<blockquote>{inside}<footer>t</footer></blockquote>",
            ]
        ),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=10,
)


@examples(150)
@given(blocks=st.lists(FLOW, min_size=1, max_size=4))
def test_no_word_of_a_template_is_lost_or_moved(blocks):
    html = PAGE.replace("{body}", "\n".join(blocks))
    try:
        document = composed(html)
    except Problems:
        return
    text = [node.text for node in walk(document) if isinstance(node, Text)]
    assert re.findall(r"word\d+", " ".join(text)) == re.findall(r"word\d+", html)
    for node in walk(document):
        assert not (isinstance(node, Footnote) and any(isinstance(n, Footnote) for n in walk(node)))


# --- templates ----------------------------------------------------------------------------


JINJA = st.lists(
    st.one_of(
        pieces(
            r"""{{· ·}} {%· ·%} {#· ·#} for·x·in· endfor if· endif set·x·=· macro·m() endmacro m()
            raw endraw article .title house questions [0] .text .answers quoted( cite( loop.index
            join upper quote('q1.ann',·'words') include·'own/document.html.j2' import·'x'·as·y
            range(9) extends·'_shared/base.html.j2' namespace(x=1) __class__ attr('x') true none
            | ~ + * 1 <p> </p> <h2 > ' " ( ) [ ] ,"""
        ),
        WORDS,
    ),
    max_size=14,
).map("".join)


@examples(150)
@given(body=JINJA)
def test_any_template_prints_or_is_refused(small, body):
    write(small)
    write_template(small, "soup", PAGE.replace("{body}", body))
    read = loader.load_content(small, "mini")
    (view,) = select_views(read)

    def compose_soup():
        templates = catalogue.TemplateCatalogue(small)
        compose(
            templates.render_view(templates.get_template("soup"), view, read),
            read.images,
            not_there,
        )

    for found in list_refusals(compose_soup) or ():
        assert found.at
