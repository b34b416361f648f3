"""Tokens: what is wrong with them, where; and what becomes of them in CSS."""

import pytest
import tinycss2  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from pipeline.diagnostics import Problems
from pipeline.look import theme, theme_css
from tests.support.paths import ROOT

SHARED = ROOT / "templates" / "_shared" / "theme.yaml"


def loaded(*overs, css=""):
    """The shipped theme, with more laid over it."""
    files = [("theme.yaml", SHARED.read_text("utf-8"))]
    files += [(f"own{number}.yaml", text) for number, text in enumerate(overs, 1)]
    return theme.load_theme(files, css)


def found(*overs):
    with pytest.raises(Problems) as caught:
        loaded(*overs)
    return [(d.code, str(d.at), d.message, d.hint) for d in caught.value.diagnostics]


def rules(css):
    """Each selector's declarations, as a browser would read them."""
    read: dict[str, dict[str, str]] = {}
    for rule in tinycss2.parse_stylesheet(css, skip_whitespace=True):
        assert rule.type != "error", rule.message
        selector = tinycss2.serialize(rule.prelude).strip()
        declarations = tinycss2.parse_blocks_contents(rule.content, skip_whitespace=True)
        name = f"@{rule.at_keyword} {selector}".strip() if rule.type == "at-rule" else selector
        read.setdefault(name, {}).update(
            {
                (f"@{d.at_keyword}" if d.type == "at-rule" else d.name): tinycss2.serialize(
                    d.content if d.type == "at-rule" else d.value
                ).strip()
                for d in declarations
            }
        )
    return read


# --- reading ---------------------------------------------------------------------------


def test_a_template_changes_one_token_and_keeps_the_rest():
    base, changed = loaded(), loaded("styles: {lead: {size: 12}}", "colours: {accent: '#aa0000'}")
    assert changed.colours == {**base.colours, "accent": "#aa0000"}
    assert changed.faces == base.faces
    sizes = {style.role: style.size for style in base.styles}
    assert {style.role: style.size for style in changed.styles} == {**sizes, "lead": 12}


@pytest.mark.parametrize(
    ("own", "code", "place", "message", "hint"),
    [
        (
            "styles:\n  led: {size: 9}\n",
            "unknown-role",
            "own1.yaml:2:8",
            "there is no role `led` to style",
            "did you mean `lead`?",
        ),
        (
            "styles:\n  lead: {face: txt}\n",
            "unknown-face",
            "own1.yaml:2:16",
            "the theme has no face `txt`",
            "did you mean `text`?",
        ),
        (
            "styles:\n  lead: {colour: inc}\n",
            "unknown-colour",
            "own1.yaml:2:18",
            "the theme has no colour `inc`",
            "did you mean `ink`?",
        ),
        (
            "styles:\n  note: {size: 7.5}\n",
            "too-small",
            "own1.yaml:2:16",
            "`note` is set in 7.5 pt",
            "nothing is printed below 8 pt",
        ),
        (
            "styles:\n  body: {size: 0}\n",
            "missing-key",
            "own1.yaml:2:9",
            "the role `body` needs a face, a size, a leading and a colour",
            "all other roles start from it",
        ),
        (
            "colours:\n  Red Ink: '#ff0000'\n",
            "bad-value",
            "own1.yaml:2:12",
            "`Red Ink` cannot name a colour",
            "small letters, digits and hyphens",
        ),
        (
            "faces:\n  text: {regular: Lost.ttf}\n",
            "font-missing",
            "own1.yaml:2:19",
            "the package `fontpkg_spectral` has no font file `Lost.ttf`",
            "its files stand in its folder `files`; `brief doctor` says what is missing",
        ),
        (
            "faces:\n  text: {package: fontpkg_barlow}\n",
            "font-missing",
            "own1.yaml:2:19",
            "the package `fontpkg_barlow` has no font file `Spectral-Regular.ttf`",
            "name its four files too: `regular`, `italic`, `bold`, `bold_italic`",
        ),
        (
            "faces:\n  text: {package: fontpkg-nonesuch}\n",
            "font-missing",
            "own1.yaml:2:19",
            "no package of fonts `fontpkg-nonesuch` is installed",
            "install it where brief is installed; `brief doctor` says what brief itself needs",
        ),
        (
            "faces:\n  text: {package: fontpkg-barlow}\n",
            "font-missing",
            "own1.yaml:2:19",
            "no package of fonts `fontpkg-barlow` is installed",
            "did you mean `fontpkg_barlow`?",
        ),
        (
            "faces:\n  display: {family: Helvetica}\n",
            "other-family",
            "own1.yaml:2:21",
            "the face `display` is called Helvetica, but its font `Barlow-Regular.ttf` is Barlow, "
            "and so with 3 more",
            "give `package` and the four files of Helvetica as well, from a package that is "
            "installed; or keep the family Barlow: what Word takes in its place is `fallback`",
        ),
        (
            "styles:\n  link: {size: 12, colour: ink}\n",
            "no-effect",
            "own1.yaml:2:16",
            "`size` has no effect on `link`",
            "leave it out: what can be set is the look of its letters",
        ),
    ],
)
def test_what_is_wrong_with_a_token_is_told_at_its_place(own, code, place, message, hint):
    assert found(own) == [(code, place, message, hint)]


@pytest.mark.parametrize(
    "own",
    [
        "colours: {ink: red}",
        "colours: {ink: '#fff}; p { display: none'}",
        "styles: {lead: {size: 1000}}",
        "styles: {lead: {align: middle}}",
        "faces: {text: {family: 'x\"; } p { display: none'}}",
        "faces: {text: {regular: ../../../secret.ttf}}",
        "faces: {'a b': {family: x}}",
        "page: {top: -3}",
    ],
)
def test_no_token_can_hold_anything_but_its_value(own):
    assert found(own)


def test_a_colour_that_nothing_is_set_in_may_be_a_slip():
    own = "colours:\n  acent: '#aa0000'\n"
    assert found(own) == [
        (
            "no-effect",
            "own1.yaml:2:10",
            "no style and no stylesheet names the colour `acent`",
            "did you mean `accent`?",
        )
    ]
    assert loaded(own, "styles: {lead: {colour: acent}}")
    assert loaded(own, css="p.lead { color: var(--colour-acent) }")
    assert loaded("colours: {house-red: '#aa0000'}"), "a palette may hold more than is used"


def test_all_that_is_wrong_is_told_at_once():
    codes = [code for code, *_ in found("styles: {led: {size: 9}, note: {size: 1, face: x}}")]
    assert sorted(codes) == ["too-small", "unknown-face", "unknown-role"]


def test_a_theme_needs_its_faces_and_colours():
    own = (
        SHARED.read_text("utf-8").replace("  display:\n", "  show:\n").replace("  rule:", "  line:")
    )
    with pytest.raises(Problems) as caught:
        theme.load_theme([("theme.yaml", own.replace("face: display", "face: show"))])
    assert [d.message for d in caught.value.diagnostics] == [
        "the theme has no face `display`",
        "the theme has no colour `rule`",
    ]


def test_an_empty_theme_is_refused():
    with pytest.raises(Problems):
        theme.load_theme([("theme.yaml", "")])


@pytest.fixture
def package(tmp_path, monkeypatch):
    """An installed package with font files of its own."""
    folder = tmp_path / "fontpkg_own" / "files"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").write_text("raise SystemExit('imported')", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    return folder


def own_font(path, family):
    """A font of our own: a shipped one with the names of another family."""
    font = TTFont(next(loaded().faces[0].find_fonts()).path)
    for name in (1, 16):
        font["name"].setName(family, name, 3, 1, 0x409)
    font.save(path)


def own_face(file, bold=""):
    cuts = ", ".join(f"{cut}: {file}" for cut in ("regular", "italic", "bold_italic"))
    cuts += f", bold: {bold or file}"
    fields = f"family: Own, package: fontpkg_own, {cuts}, fallback: Georgia, generic: serif"
    return f"faces: {{own: {{{fields}}}}}"


def test_fonts_come_from_packages_that_are_not_run(package):
    own_font(package / "Own-Regular.ttf", "Own")
    own = loaded(own_face("Own-Regular.ttf")).faces[-1]
    assert [font.path for font in own.find_fonts()] == [package / "Own-Regular.ttf"] * 4
    assert own.css_family == "Brief Own"


def test_a_font_of_another_family_is_told_where_it_was_written(package):
    own_font(package / "Own.ttf", "Own")
    own_font(package / "Odd.ttf", "Own Condensed")
    message = "the face `own` is called Own, but its font `Odd.ttf` is Own Condensed"
    below, above = own_face("Own.ttf"), "faces:\n  own:\n    bold: Odd.ttf\n"

    assert [found[:3] for found in found(below, above)] == [
        ("other-family", "own2.yaml:3:11", message)
    ]


def test_two_faces_of_one_family_have_the_same_fonts(package):
    for name in ("Own.ttf", "OwnBold.ttf"):
        own_font(package / name, "Own")
    other = own_face("Own.ttf", "OwnBold.ttf").replace("own:", "other:")

    assert found(own_face("Own.ttf"), other) == [
        (
            "same-family",
            "own2.yaml:1:25",
            "two faces of different fonts are called Own",
            "give each the name that its fonts have",
        )
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a font",
        b"OTTO\0\1" + b"CFF " * 10,
        b"\0\1\0\0\0\2" + bytes(6) + b"head" + bytes(12) + b"fvar" + bytes(12),
    ],
    ids=["empty", "text", "OpenType-CFF", "variable"],
)
def test_only_static_truetype_fonts_are_taken(package, data):
    (package / "Own.ttf").write_bytes(data)
    assert {(code, message) for code, _, message, _ in found(own_face("Own.ttf"))} == {
        ("bad-font", "`Own.ttf` is not a static TrueType font")
    }


@pytest.mark.parametrize("package_name", ["fontpkg_lost", "os", "font-pkg"])
def test_a_package_without_fonts_is_an_error(package_name):
    codes = {code for code, *_ in found(f"faces: {{text: {{package: {package_name}}}}}")}
    assert codes == {"font-missing"}


# --- as CSS ----------------------------------------------------------------------------


def test_the_page():
    css = rules(
        theme_css.to_css(loaded("page: {top: 20, bottom: 25, outer: 15, inner: 30}"), "letter")
    )
    assert css["@page"]["size"] == "215.9mm 279.4mm"
    assert css["@page"]["margin"] == "20mm 15mm 25mm 30mm"  # a right page: the fold is left
    assert css["@page :left"] == {"margin-left": "15mm", "margin-right": "30mm"}


def test_tokens_are_there_for_stylesheets():
    own = "styles: {lead: {size: 11.5, leading: 14, face: display, colour: accent}}"
    tokens = rules(theme_css.to_css(loaded(own), "a4"))[":root"]
    assert tokens["--colour-accent"] == "#114457"
    assert tokens["--lead-size"] == "11.5pt"
    assert tokens["--lead-leading"] == "14pt"
    assert tokens["--lead-colour"] == "#114457"
    assert tokens["--lead-face"] == tokens["--face-display"] == '"Brief Barlow", "Brief Spectral"'


def test_a_role_becomes_a_rule():
    own = (
        "styles: {lead: {size: 11.5, leading: 14, italic: true, caps: small, before: 2, after: 3}}"
    )
    assert rules(theme_css.to_css(loaded(own), "a4"))["p.lead"] == {
        "font-weight": "bold",
        "font-style": "italic",
        "font-variant-caps": "small-caps",
        "font-family": '"Brief Spectral", "Brief Barlow"',
        "color": "#1b1e22",
        "text-align": "left",
        "font-size": "11.5pt",
        "line-height": "14pt",
        "margin-top": "2pt",
        "margin-bottom": "3pt",
    }


def test_every_role_that_can_be_styled_has_a_rule():
    everything = "\n".join(f"  {role}: {{italic: true}}" for role in theme.SELECTORS)
    css = rules(theme_css.to_css(loaded(f"styles:\n{everything}"), "a4"))
    boxes = {"@top-left", "@top-center", "@top-right", "@bottom-left", "@bottom-center"}
    for role, selector in theme.SELECTORS.items():
        assert selector in css or (selector.startswith("@") and boxes <= css["@page"].keys()), role


def test_running_heads_keep_their_boxes_alignment():
    css = rules(theme_css.to_css(loaded("styles: {running-head: {size: 9}}"), "a4"))
    assert "font-size: 9pt" in css["@page"]["@top-right"]
    assert "text-align" not in css["@page"]["@top-right"]


def test_words_in_a_line_take_the_look_of_a_role_and_not_its_size():
    css = rules(theme_css.to_css(loaded("styles: {name: {size: 20, bold: true}}"), "a4"))
    assert css["span.name"]["font-weight"] == "bold"
    assert "font-size" not in css["span.name"]


def test_a_link_looks_like_the_words_around_it_but_for_what_it_says():
    assert rules(theme_css.to_css(loaded(), "a4"))["a"] == {"color": "#114457"}


def test_cells_take_their_space_inside():
    cell = rules(theme_css.to_css(loaded("styles: {cell: {before: 4, after: 5}}"), "a4"))["td, th"]
    assert (cell["padding-top"], cell["padding-bottom"]) == ("4pt", "5pt")
    assert "margin-top" not in cell
