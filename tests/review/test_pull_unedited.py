"""A brief with everything that an article can hold, which nobody edited, changes nothing."""

from __future__ import annotations

import shutil

import pytest

from tests.support import house_file
from tests.support.editor import Editor
from tests.support.libreoffice import save_as_docx
from tests.support.review_project import TEMPLATES, build_docx, merge_result, pull_files
from tests.support.rich_article import RICH, write_rich


@pytest.fixture
def rich(tmp_path):
    return write_rich(tmp_path / "project")


def list_changes(result) -> tuple:
    return result.format_diff(), [e for e in result.entries if e.outcome != "unchanged"]


@pytest.mark.parametrize("template", TEMPLATES)
def test_everything_comes_back_as_it_was(rich, template):
    assert list_changes(pull_files(rich, build_docx(rich, template))) == ("", [])


@pytest.mark.parametrize("template", TEMPLATES)
def test_everything_comes_back_from_a_house_s_styles_as_it_was(rich, template):
    """What a paragraph is does not hang on what the house calls its style."""
    house = {"toc 1": "Verzeichnis1", "toc 2": "Verzeichnis2", "caption": "Beschriftung",
             "Figure": "Abbildung", "List Continue": "Listenfortsetzung"}  # fmt: skip
    styles = tuple(house_file.style("paragraph", id, name) for name, id in house.items())
    parts = house_file.make_parts(styles=(*house_file.STYLES, *styles))
    path = house_file.write_house_file(rich / "house.dotx", parts)

    assert list_changes(pull_files(rich, build_docx(rich, template, reference_docx=path))) == (
        "",
        [],
    )


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not there")
def test_everything_comes_back_through_libreoffice_as_it_was(rich, tmp_path):
    files = save_as_docx(tmp_path, {template: build_docx(rich, template) for template in TEMPLATES})

    for template in TEMPLATES:
        assert (template, *list_changes(pull_files(rich, files[template]))) == (template, "", [])


@pytest.mark.parametrize(
    ("old", "new", "was", "becomes"),
    [
        ("over two lines", "over three lines", "   over two lines", "   over three lines"),
        ("Going on", "Carrying on", "Going on", "Carrying on"),
        ("Deepest", "Deepmost", "Deepest", "Deepmost"),
        ("And another", "And one more", "> And another", "> And one more"),
        ("two", "too", "> - two", "> - too"),
        ("Another turn", "One more turn", "Another turn", "One more turn"),
        ("not stressed", "unstressed", "\\*not stressed\\*", "\\*unstressed\\*"),
        ("broken", "snapped", "a line\\\nbroken", "a line\\\nsnapped"),
        ("A note with a", "A line with a", "[^n]: A note with a", "[^n]: A line with a"),
        ("Together", "Both", "Together", "Both"),
    ],
)
def test_a_word_of_anything_can_be_edited(rich, old, new, was, becomes):
    editor = Editor(build_docx(rich, "per-question"))
    if "[^n]" in was:
        name = "word/footnotes.xml"
        editor.parts[name] = editor.parts[name].replace(old.encode(), new.encode())
    elif old == "two":
        editor.replace(
            old, new, next(p for p in editor.root.iter() if "".join(map(str, p.itertext())) == old)
        )
    else:
        editor.replace(old, new)

    result = pull_files(rich, editor.save())

    article = merge_result(result, {"content/talk/article.md": RICH})["content/talk/article.md"]
    assert article == RICH.replace(was, becomes, 1)


@pytest.mark.parametrize(
    ("template", "edit", "was", "becomes"),
    [
        (
            "per-question",
            lambda e: e.replace("And then", "And what then"),
            "# And then?",
            "# And what then?",
        ),
        ("per-question", lambda e: e.replace("is", "was", e.paragraph("What is")), "*is*", "*was*"),
        (
            "per-expert",
            lambda e: e.replace("She hits", "She often hits"),
            "bio: |\n      Ann shoots.\n\n      - She hits.",
            "bio: |\n      Ann shoots.\n\n      - She often hits.",
        ),
        (
            "per-expert",
            lambda e: e.paragraph_after("She hits", "She aims."),
            "bio: |\n      Ann shoots.\n\n      - She hits.\n",
            "bio: |\n      Ann shoots.\n\n      - She hits.\n      - She aims.\n",
        ),
        (
            "briefing-pack",
            lambda e: e.replace("plain", "simple"),
            "*plain*",
            "*simple*",
        ),
        (
            "briefing-pack",
            lambda e: e.insert("Mo asks plain questions.", " Always."),
            '"Mo asks *plain* questions."',
            '"Mo asks *plain* questions. Always."',
        ),
        (
            "briefing-pack",
            lambda e: e.replace("over two lines", "over many", e.paragraph("About the house")),
            "about: >-\n  About the house,\n  over two lines",
            "about: >-\n  About the house,\n  over many",
        ),
        (
            "briefing-pack",
            lambda e: e.insert("nobody", " at all"),
            '"Picture: nobody"',
            '"Picture: nobody at all"',
        ),
        (
            "briefing-pack",
            lambda e: e.replace("Two", "Three", e.paragraph("One, Two")),
            "topics: [One, Two]",
            "topics: [One, Three]",
        ),
        (
            "per-question",
            lambda e: e.paragraph_after("Second things", "New things."),
            "2. Second things.\n\n   Going on in the second.\n",
            "2. Second things.\n3. New things.\n\n   Going on in the second.\n",
        ),
        (
            "per-question",
            lambda e: e.paragraph_after("A quotation", "More quoted."),
            "> A quotation of a paragraph.\n>\n",
            "> A quotation of a paragraph.\n>\n> More quoted.\n>\n",
        ),
        (
            "per-question",
            lambda e: e.paragraph_after("Deeper", "Deeper still."),
            "   - Deeper.\n     1. Deepest.\n",
            "   - Deeper.\n   - Deeper still.\n     1. Deepest.\n",
        ),
        (
            "per-question",
            lambda e: e.drop("Deepest"),
            "   - Deeper.\n     1. Deepest.\n",
            "   - Deeper.\n",
        ),
        (
            "per-question",
            lambda e: e.insert("Nothing.", " At all."),
            "Nothing.[^long]",
            "Nothing.\nAt all.[^long]",
        ),
    ],
)
def test_a_change_of_anything_is_written_in_its_own_way(rich, template, edit, was, becomes):
    editor = Editor(build_docx(rich, template), "Ann")
    edit(editor)

    result = pull_files(rich, editor.save())

    article = merge_result(result, {"content/talk/article.md": RICH})["content/talk/article.md"]
    assert RICH.count(was) == 1
    assert article == RICH.replace(was, becomes)
    assert [e for e in result.entries if e.is_left_over] == []
