"""What a stylesheet may set, and the ways round it that are closed."""

import pytest

from pipeline.diagnostics import Location
from pipeline.look.css_rules import check_css, drop_rectos
from tests.support.paths import ROOT


def find_problems(css):
    return list(check_css("print.css", css))


def messages(css):
    return [diagnostic.message for diagnostic in find_problems(css)]


@pytest.mark.parametrize("sheet", sorted((ROOT / "templates").glob("*/*.css")), ids=str)
def test_the_shipped_stylesheets_are_allowed(sheet):
    assert messages(sheet.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "css",
    [
        "section.question > h2 { margin-left: calc(0mm - var(--rail)); break-after: avoid }",
        ":root { --rail: 52mm; --line: 0.75pt solid var(--colour-ink) }",
        "@page { margin: 20mm 18mm; @top-left { content: string(verso) ' · Draft' } }",
        "@page cover { background: var(--colour-accent); @bottom-right { content: none } }",
        "@page :left { @bottom-left { content: 'Page ' counter(page) ' of ' counter(pages) } }",
        "@page { @footnote { border-top: 0.4pt solid } }",
        "p { font: bold 9pt/12pt var(--face-display); letter-spacing: 0.02em }",
        "p { font: var(--lead-size)/var(--lead-leading) var(--face-text) }",
        "p.lead { font-size: 120%; color: #114457; & em { font-weight: bold } }",
        "sup { font-size: 65%; vertical-align: super }",
        "li::marker { content: '– ' } ul { list-style: '•\\2002' outside }",
        "li a::after { content: leader('.') }",
        "section { string-set: recto attr(data-recto) }",
        "ul { columns: 2; column-gap: 6mm } dl { display: grid; grid-template-columns: 1fr 2fr }",
        "@page :blank { @top-left { content: none } }",
        "section { break-before: recto } h2 { break-before: verso }",
        "/* nothing */",
    ],
)
def test_ordinary_page_design_is_allowed(css):
    assert messages(css) == []


@pytest.mark.parametrize(
    "css",
    [
        # no values
        "p { color: @ink }",
        "p { color: U+26 }",
        "p { margin: ) }",
        "p { font-family: #abc }",
        "p { font-family: (serif) }",
        # out of sight
        "p { display: none }",
        "p { DISPLAY: NONE !important }",
        "p { dis\\70lay: n\\6fne }",
        "p { display: var(--x) }",
        "section { & p { display: none } }",
        "section { p { span { display: none } } }",
        "p { visibility: hidden }",
        "p { opacity: 0 }",
        "p { height: 0; overflow: hidden }",
        "p { position: absolute; left: -900pt }",
        "p { transform: scale(0) }",
        "p { clip-path: inset(100%) }",
        "p { text-overflow: ellipsis }",
        "p { max-lines: 1 }",
        "p { font-size: 0 }",
        "p { font-size: 1px }",
        "p { font-size: 2mm }",
        "p { font-size: 10% }",
        "p { font-size: calc(1pt) }",
        "p { font-size: var(--x) }",
        "p { font: 4pt/20pt var(--face-text) }",
        "p { font: 0.1em var(--face-text) }",
        "p { font-size: 1vw }",
        "p { font-size: xx-small }",
        "p { letter-spacing: -1em }",
        "p { word-spacing: calc(0em - 9em) }",
        # over each other, or out of order
        "p { z-index: 1 }",
        "p { position: running(head) }",
        "p { order: 2 }",
        "ol { display: flex; flex-direction: column-reverse }",
        "ol { flex-wrap: wrap-reverse }",
        "p { grid-row: 1 }",
        "caption { caption-side: bottom }",
        "p { direction: rtl }",
        "p { writing-mode: vertical-rl }",
        "tbody { display: table-footer-group }",
        # other words
        "p::before { content: 'not ' }",
        "p::before { content: '№' }",
        "p::before { content: attr(class) }",
        "p::before { content: var(--words) }",
        "p::before { content: string(verso) }",
        "p::after { content: leader('not') }",
        "p::after { content: counter(page, symbols('a' 'b')) }",
        ":root { --words: 'not' }",
        "li { list-style-type: 'not ' }",
        "p { quotes: 'not ' '' }",
        "p { text-transform: uppercase }",
        "p { text-decoration: line-through }",
        "p { hyphenate-character: 'not' }",
        "h2 { bookmark-label: 'Other' }",
        "section { string-set: recto 'Other' }",
        "li { counter-increment: list-item 4 }",
        "p { font-family: Wingdings }",
        "p { font-family: var(--face-text, Wingdings) }",
        "p { font: 10pt 'Wingdings' }",
        "p { font-feature-settings: 'zero' }",
        "p { -weasy-hyphens: auto }",
        "p { all: unset }",
        ":root { --body-size: 1pt }",
        ":root { --colour-ink: white }",
        # out of all bounds
        "p { padding: 1e9pt }",
        "p { margin-left: calc(0mm - 99999mm) }",
        "ul { columns: 100000 }",
        # other places
        "@import 'more.css';",
        "@import url(http://pack.invalid/more.css);",
        "@font-face { font-family: x; src: url(x.ttf) }",
        "@media screen { p { color: red } }",
        "@supports (display: grid) { p { color: red } }",
        "@layer base { p { color: red } }",
        "@counter-style x { symbols: 'not ' }",
        "@namespace x url(http://www.w3.org/2000/svg);",
        "@page { size: 1mm }",
        "@page { @top-left-corner { content: url(file:///etc/passwd) } }",
        "@page { @nowhere { color: red } }",
        "@top-left { content: 'x' }",
        "p { background: url(file:///etc/passwd) }",
        "p { background: URL('http://pack.invalid/x.png') }",
        "p { background: linear-gradient(red, blue) }",
        "p { list-style: url(x.png) }",
        "p { --x: url(x.png) }",
        "p { --x: [url(x.png)] }",
        # no CSS
        "p { color }",
        "p; { color: red } }",
    ],
)
def test_what_could_change_words_or_read_files_is_refused(css):
    assert {diagnostic.code for diagnostic in find_problems(css)} == {"css-refused"}


def test_a_finding_has_its_place_and_a_hint():
    (one,) = find_problems("p { color: red }\n\nsection {\n  p { text-algin: left }\n}\n")
    assert one.at == Location("print.css", 4, 7)
    assert one.message == "a stylesheet cannot set `text-algin`"
    assert one.hint == "did you mean `text-align`?"


@pytest.mark.parametrize(
    ("css", "hint"),
    [
        ("@import 'x.css';", "rules stand in print.css"),
        ("@font-face { }", "fonts are named in theme.yaml"),
        ("@pages { }", "did you mean `page`?"),
        ("@page { @top-lef { } }", "did you mean `top-left`?"),
        ("p { transform: none }", "templates/README.md lists what it can"),
        ("p { float: middle }", "it takes footnote, left, none, right"),
        ("p { font-family: Arial }", "it takes inherit, or a token: var(--…)"),
        ("p { content: 'x' }", "the words are the template's: say it in document.html.j2"),
        ("p { width: clamp(1pt, 2pt, 3pt) }", "known: `calc`, `fit-content`"),
        (
            "p { font-size: 7pt }",
            "give a size in pt, a share of at least 50%, or var(--<role>-size)",
        ),
        ("p { --body-face: x }", "set it in theme.yaml"),
    ],
)
def test_what_to_do_instead(css, hint):
    assert find_problems(css)[0].hint.startswith(hint)


@pytest.mark.parametrize(
    ("css", "line"),
    [
        ("p { color: red }\nh1 { color: blue\n", 2),
        ("p { color: red }\n\n/* the rest", 3),
        ("p { color: red }\nh1 { color: var(--a; } em { color: blue }", 2),
        ("@page { @top-left { color: red }", 1),
        ("p { color: red } h1 { content: '– }\n", 1),
    ],
)
def test_what_is_not_closed_is_told_where_it_begins(css, line):
    assert any(d.at.line == line and "this is not" in d.message for d in find_problems(css))


def test_all_problems_of_a_sheet_are_found_at_once():
    assert len(find_problems("p { opacity: 0; float: up; content: 'a' } @media print { }")) == 4


def test_a_screen_has_no_rectos_and_versos():
    css = "a { break-before: recto } b { BREAK-AFTER:verso!important } c { float: left }"
    assert drop_rectos(css) == (
        "a { break-before: page } b { BREAK-AFTER:page!important } c { float: left }"
    )
