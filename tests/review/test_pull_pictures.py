"""Pictures that an editor changes, moves, describes: written where it is simple, else told."""

from __future__ import annotations

import json

import lxml.etree
import pytest

from tests.support.editor import Editor, accept_changes
from tests.support.pictures import (
    CHART,
    MAP,
    PICTURED,
    add_picture,
    describe_picture,
    drop_picture,
    make_image,
    move_picture,
    replace_image,
    write_below_picture,
    write_pictured,
)
from tests.support.review_project import (
    ARTICLE,
    ARTICLE_FILE,
    TEMPLATES,
    build_docx,
    pull_files,
    rewrite_article,
)


@pytest.fixture
def pictured(tmp_path):
    return write_pictured(tmp_path / "project")


@pytest.fixture(params=["tracked", "untracked", "accepted"])
def edit(request, pictured):
    """Let an editor edit the brief by question, in one of three ways; return the file."""
    sent = build_docx(pictured, "per-question")

    def make(change) -> bytes:
        editor = Editor(sent, "" if request.param == "untracked" else "Ann")
        change(editor)
        return accept_changes(editor.save()) if request.param == "accepted" else editor.save()

    return make


def list_pictures(result) -> list[tuple[str, str]]:
    return [(e.outcome, e.what) for e in result.entries if e.kind == "picture"]


@pytest.mark.parametrize("template", TEMPLATES)
def test_pictures_that_nobody_changed_are_not_told(pictured, template):
    result = pull_files(pictured, build_docx(pictured, template))

    assert (result.format_diff(), list_pictures(result)) == ("", [])


def test_another_image_behind_the_same_anchor_is_told(pictured, edit):
    result = pull_files(pictured, edit(lambda e: replace_image(e, make_image(9))))

    (entry,) = [entry for entry in result.entries if entry.is_left_over]
    assert (entry.what, entry.reason) == ("picture replaced", "put the new one into its place")
    assert entry.words == "talk/images/map.png a map of words"
    assert entry.paragraph
    assert result.format_diff() == ""


def test_an_image_that_a_program_packed_anew_is_the_same(pictured):
    sent = build_docx(pictured, "per-question")
    for same in (make_image(1, kind="JPEG"), make_image(1, (72, 48))):
        editor = Editor(sent)
        replace_image(editor, same)
        assert list_pictures(pull_files(pictured, editor.save())) == []


def test_a_small_thing_in_an_image_makes_it_another(pictured):
    from io import BytesIO

    from PIL import Image

    with Image.open(BytesIO(make_image(1))) as picture:
        picture.paste((255, 255, 255), (40, 30, 48, 38))
        buffer = BytesIO()
        picture.save(buffer, "PNG")
    editor = Editor(build_docx(pictured, "per-question"))
    replace_image(editor, buffer.getvalue())

    assert list_pictures(pull_files(pictured, editor.save())) == [("refused", "picture replaced")]


def test_a_new_alternative_text_comes_into_the_article(pictured, edit):
    def change(editor):
        describe_picture(editor, "a map, [with] *signs*")
        describe_picture(editor, "a chart of two lines", 1)

    result = pull_files(pictured, edit(change))

    assert result.after[ARTICLE_FILE] == PICTURED.replace(
        "![a map of words]", "![a map, \\[with\\] \\*signs\\*]"
    ).replace("![a chart]", "![a chart of two lines]")
    assert list_pictures(result) == [("applied", "alternative text changed")] * 2
    assert not result.waits


def test_an_alternative_text_that_the_content_changed_as_well_is_told(pictured):
    editor = Editor(build_docx(pictured, "per-question"))
    describe_picture(editor, "a map of the editor's")
    rewrite_article(pictured, "a map of words", "a map of ours")

    result = pull_files(pictured, editor.save())

    assert result.format_diff() == ""
    assert [e.reason for e in result.entries if e.is_left_over] == [
        "the content says “a map of ours” by now; change it in article.md"
    ]


def test_no_alternative_text_is_told(pictured):
    editor = Editor(build_docx(pictured, "per-question"))
    describe_picture(editor, "")

    result = pull_files(pictured, editor.save())

    assert result.format_diff() == ""
    assert list_pictures(result) == [("refused", "alternative text changed")]


@pytest.mark.parametrize(
    ("number", "behind", "old", "new"),
    [
        (0, "Because words", f"{MAP}\n\n", "much.\n\n"),
        (0, "It rests with", f"{MAP}\n\n", "on the day.\n\n"),
        (1, "Introduction", f"{CHART}\n\n", "---\n\n"),
        (1, "Salt is", f"{CHART}\n\n", "older.\n\n"),
    ],
)
def test_a_picture_that_was_moved_moves_in_the_article(pictured, edit, number, behind, old, new):
    result = pull_files(pictured, edit(lambda e: move_picture(e, behind, number)))

    wanted = PICTURED.replace(old, "")
    assert wanted.count(new) == 1
    assert result.after[ARTICLE_FILE] == wanted.replace(new, new + old)
    assert list_pictures(result) == [("applied", "picture moved")]
    assert [e for e in result.entries if e.is_left_over] == []


def test_words_stay_on_their_side_of_a_picture(pictured, edit):
    data = edit(lambda e: write_below_picture(e, "Words below.", 1))

    result = pull_files(pictured, data)

    assert result.after[ARTICLE_FILE] == PICTURED.replace(CHART, f"{CHART}\n\nWords below.")
    assert list_pictures(result) == [("applied", "picture moved")]
    (pictured / ARTICLE_FILE).write_text(result.after[ARTICLE_FILE], "utf-8")
    assert pull_files(pictured, data).format_diff() == ""


def test_words_written_above_a_picture_do_not_move_it(pictured, edit):
    result = pull_files(pictured, edit(lambda e: e.paragraph_after("The second", "Words above.")))

    assert result.after[ARTICLE_FILE] == PICTURED.replace(CHART, f"Words above.\n\n{CHART}")
    assert list_pictures(result) == []


def test_a_moved_paragraph_stays_on_its_side_of_a_picture(pictured, edit):
    def move(editor):
        editor.move("Last words", "The second")
        move_picture(editor, "The second", 1)

    result = pull_files(pictured, edit(move))

    wanted = PICTURED.replace("Last words of Ann.[^1]\n\n", "")
    assert result.after[ARTICLE_FILE] == wanted.replace(CHART, f"{CHART}\n\nLast words of Ann.[^1]")


@pytest.mark.parametrize("behind", [0, 1, 2])
def test_pictures_in_a_row_keep_their_order(tmp_path, behind):
    row = [CHART, "![a map](images/map.png)", "![more](images/more.png)"]
    text = ARTICLE.replace("- Bread is old.", "\n\n".join([*row, "- Bread is old."]))
    project = write_pictured(tmp_path / "row", text)
    (project / "content/talk/images/more.png").write_bytes(make_image(5))
    editor = Editor(build_docx(project, "per-question"), "Ann")
    write_below_picture(editor, "Words below.", behind)

    result = pull_files(project, editor.save())

    wanted = [*row[: behind + 1], "Words below.", *row[behind + 1 :]]
    assert "\n\n".join([*wanted, "- Bread is old."]) in result.after[ARTICLE_FILE]


def test_a_picture_moves_with_its_caption(pictured):
    editor = Editor(build_docx(pictured, "per-question"))
    move_picture(editor, "Because words")
    caption = editor.paragraph("Where words live")
    editor.paragraph("Because words").getnext().addnext(caption)

    result = pull_files(pictured, editor.save())

    assert [e for e in result.entries if e.is_left_over] == []
    assert f"much.\n\n{MAP}\n" in result.after[ARTICLE_FILE]


def test_what_is_pulled_twice_changes_nothing_more(pictured, edit):
    def change(editor):
        move_picture(editor, "It rests with")
        describe_picture(editor, "a chart of two lines", -1)

    data = edit(change)
    (pictured / ARTICLE_FILE).write_text(pull_files(pictured, data).after[ARTICLE_FILE], "utf-8")

    result = pull_files(pictured, data)

    assert result.format_diff() == ""
    assert {outcome for outcome, _ in list_pictures(result)} == {"already there"}


def test_a_picture_that_cannot_stand_there_is_told(pictured):
    editor = Editor(build_docx(pictured, "per-question"))
    move_picture(editor, "Bread is", 1)

    result = pull_files(pictured, editor.save())

    assert result.format_diff() == ""
    assert list_pictures(result) == [("refused", "picture moved")]


def test_a_picture_that_goes_is_told_once_and_never_as_applied(pictured, edit):
    result = pull_files(pictured, edit(drop_picture))

    assert list_pictures(result) == [("refused", "picture removed")]
    assert {e.outcome for e in result.entries if e.kind in ("revision", "picture")} == {"refused"}


def test_a_picture_that_comes_is_told(pictured, edit):
    result = pull_files(pictured, edit(lambda e: add_picture(e, "It rests with")))

    assert list_pictures(result) == [("refused", "picture added")]
    assert {e.outcome for e in result.entries if e.kind in ("revision", "picture")} == {"refused"}


def test_changes_of_pictures_that_are_not_tracked_are_left_out_for_one_author(pictured):
    editor = Editor(build_docx(pictured, "per-question"), "Ann")
    editor.replace("Nobody", "No one")
    describe_picture(editor, "a map of the editor's")

    result = pull_files(pictured, editor.save(), author="Ann")

    assert list_pictures(result) == [("left out", "alternative text changed")]


def test_pictures_of_briefs_that_say_less_of_them_are_compared(pictured):
    """An older manifest says no more of a picture than its caption does."""
    editor = Editor(build_docx(pictured, "per-question"))
    (name,) = [n for n in editor.parts if n.startswith("customXml/item1.xml")]
    root = lxml.etree.fromstring(editor.parts[name])
    manifest = json.loads(str(root.text))
    for block in manifest["blocks"]:
        block.pop("picture", None)
    root.text = json.dumps(manifest)
    editor.parts[name] = lxml.etree.tostring(root)
    del editor.parts["docProps/custom.xml"]
    rels = lxml.etree.fromstring(editor.parts["_rels/.rels"])
    for relation in [r for r in rels if r.get("Target", "").endswith("custom.xml")]:
        rels.remove(relation)
    editor.parts["_rels/.rels"] = lxml.etree.tostring(rels)
    assert list_pictures(pull_files(pictured, editor.save())) == []

    describe_picture(editor, "a map, described")
    describe_picture(editor, "a chart, described", 1)
    result = pull_files(pictured, editor.save())
    assert list_pictures(result) == [("applied", "alternative text changed")] * 2

    replace_image(editor, make_image(8), 1)
    assert ("refused", "picture replaced") in list_pictures(pull_files(pictured, editor.save()))
