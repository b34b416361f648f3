"""Redlines: the changes between two editions, as tracked changes in the newer one."""

from __future__ import annotations

import subprocess
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from pipeline.diagnostics import Problems
from pipeline.review.edited_docx import reader
from pipeline.review.redline import write_redline
from pipeline.review.redline.block_writer import Signature
from pipeline.review.redline.check_redline import check_redline
from pipeline.review.words.tokens import format_tokens
from tests.support.command import brief
from tests.support.editor import Editor, w
from tests.support.edits import EDITS, VALUES
from tests.support.read_outputs import W
from tests.support.review_project import (
    ANSWERS,
    ARTICLE,
    TEMPLATES,
    TEXTS,
    build_docx,
    get_docx,
    pull_files,
    replace_texts,
    write_project,
)
from tests.support.rich_article import write_rich

SIGNED = Signature("Ann Editor", "2024-03-01T00:00:00Z")
REWRITTEN = [
    ("article", "Because words bind", "Since words bind"),
    ("article", "Nobody doubts *this* much.", "Nobody doubts this."),
    ("article", "- Bread is old.\n", ""),
    (
        "article",
        "[^1]: A note on words.",
        "[^1]: A note on all words, see [here](https://a.example).",
    ),
    ("article", "\n## bob\n\nNobody knows what comes.\n", ""),
    ("article", "name: Bob Baker", "name: Robert Baker"),
    ("summary", "text: They bind,", "text: They do bind,"),
]


@pytest.fixture
def redline(tmp_path):
    """Makes a redline of two files, and reads it."""

    def make_redline(old: bytes, new: bytes) -> tuple[bytes, reader.EditedDocx]:
        for name, data in (("old.docx", old), ("new.docx", new)):
            (tmp_path / name).write_bytes(data)
        data = write_redline.write_redline(tmp_path / "old.docx", tmp_path / "new.docx", SIGNED)
        (tmp_path / "redline.docx").write_bytes(data)
        return data, reader.read_edited_docx(tmp_path / "redline.docx", "redline.docx")

    return make_redline


def lines(edited: reader.EditedDocx, how: str) -> list[str]:
    view = edited.accepted if how == "accepted" else edited.rejected
    return [format_tokens(line.words) for line in view.list_lines(edited.paragraphs) if line.words]


@pytest.mark.parametrize("template", TEMPLATES)
def test_accepting_gives_the_new_text_and_rejecting_the_old(tmp_path, redline, template):
    old = get_docx(template, write_project(tmp_path))
    new = build_docx(write_project(tmp_path, replace_texts(tuple(REWRITTEN))), template)

    data, edited = redline(old, new)

    assert edited.revisions
    assert {(r.author, r.date) for r in edited.revisions} == {("Ann Editor", SIGNED.date)}
    for how, wanted in (("accepted", new), ("rejected", old)):
        path = tmp_path / "wanted.docx"
        path.write_bytes(wanted)
        assert lines(edited, how) == lines(reader.read_edited_docx(path, "wanted.docx"), "accepted")
    with zipfile.ZipFile(BytesIO(data)) as package:
        assert package.testzip() is None


@pytest.mark.parametrize("is_back", [False, True])
@pytest.mark.parametrize("template", ["per-question", "briefing-pack"])
def test_articles_that_have_little_in_common_are_compared_whole(
    tmp_path, redline, template, is_back
):
    old = get_docx(template, write_project(tmp_path))
    new = build_docx(write_rich(tmp_path / "rich"), template)

    _, edited = redline(*((new, old) if is_back else (old, new)))

    assert len(edited.revisions) > 50


@pytest.mark.parametrize(
    "note", ["[^1]: A *note* on words.", "[^1]: A note on [words](https://example.org/n)."]
)
def test_a_note_that_is_set_another_way_is_another(tmp_path, redline, note):
    old = get_docx("per-question", write_project(tmp_path))
    changed = replace_texts((("article", "[^1]: A note on words.", note),))
    linked = build_docx(write_project(tmp_path, changed), "per-question")
    other = build_docx(
        write_project(
            tmp_path,
            {n: t.replace("example.org/n", "example.org/m") for n, t in changed.items()},
        ),
        "per-question",
    )

    for new in (linked, other):
        assert redline(old, new)[1].revisions
    assert bool(redline(linked, other)[1].revisions) == ("example" in note)


def test_a_break_of_the_page_is_no_break_of_the_line(tmp_path, redline):
    old = Editor(get_docx("per-question", write_project(tmp_path)))
    new = Editor(old.save())
    for editor, kind in ((old, {}), (new, {"type": "page"})):
        editor.runs("rests with")[-1].addnext(w("r", w("br", **kind)))

    _, edited = redline(old.save(), new.save())

    assert edited.revisions


def test_a_file_without_a_place_for_footnotes_is_refused_where_one_went(tmp_path, redline):
    old = get_docx("per-question", write_project(tmp_path))
    editor = Editor(old)
    for call in list(editor.root.iter(f"{W}footnoteReference")):
        call.getparent().remove(call)
    name = "word/_rels/document.xml.rels"
    editor.parts[name] = editor.parts[name].replace(b'/footnotes"', b'/other"')

    with pytest.raises(Problems) as raised:
        redline(old, editor.save())
    assert [d.code for d in raised.value.diagnostics] == ["not-redlined"]


SHORTER = [
    ("article", ARTICLE[ARTICLE.index("\n# What comes next?") :], ""),
    ("summary", "  q2: Next\n", ""),
    ("summary", '{answer: q2.ann, quote: "words will come"}', "{answer: q1.bob, quote: weather}"),
]
"""An article of one question: its tables have a row less."""


@pytest.mark.parametrize("is_back", [False, True])
@pytest.mark.parametrize("template", ["policymaker-summary", "briefing-pack"])
def test_rows_of_tables_come_and_go(tmp_path, redline, template, is_back):
    old = get_docx(template, write_project(tmp_path))
    new = build_docx(write_project(tmp_path, replace_texts(tuple(SHORTER))), template)

    _, edited = redline(*((new, old) if is_back else (old, new)))

    kind = "row inserted" if is_back else "row deleted"
    assert kind in {revision.kind for revision in edited.revisions}


@pytest.mark.parametrize("name", sorted({**EDITS, **VALUES}))
def test_every_edit_can_be_a_redline(tmp_path, redline, name):
    template = ANSWERS[0] if name in EDITS else "policymaker-summary"
    old = get_docx(template, write_project(tmp_path))
    editor = Editor(old)
    {**EDITS, **VALUES}[name][0](editor)

    _, edited = redline(old, editor.save())

    assert bool(edited.revisions) == (name != "nothing")


def test_only_the_words_that_changed_are_tracked(tmp_path, redline):
    old = get_docx("per-question", write_project(tmp_path))
    changed = replace_texts((("article", "Because words bind", "Since words bind"),))
    new = build_docx(write_project(tmp_path, changed), "per-question")

    _, edited = redline(old, new)

    words = [
        (piece.text, edited.revisions[piece.inside[0]].kind)
        for paragraph in edited.paragraphs
        for piece in paragraph.pieces
        if piece.inside
    ]
    assert words[:2] == [("Because", "deleted"), ("Since", "inserted")]
    assert len(words) == 4  # the edition's fingerprint is another too


def test_heads_and_feet_are_compared(tmp_path, redline):
    old = get_docx("per-question", write_project(tmp_path))
    changed = replace_texts((("article", "short_title: Small talk", "short_title: Large talk"),))
    project = write_project(tmp_path, changed)
    new = build_docx(project, "per-question")

    data, edited = redline(old, new)

    heads = [
        {format_tokens(line.words) for line in view.list_lines(edited.headers_footers)}
        for view in (edited.accepted, edited.rejected)
    ]
    assert [{"Small talk", "Large talk"} & words for words in heads] == [
        {"Large talk"},
        {"Small talk"},
    ]
    assert not pull_files(project, data).waits


@pytest.mark.parametrize("is_back", [False, True])
def test_a_marking_comes_and_goes_as_it_looks(tmp_path, redline, is_back):
    project = write_project(tmp_path)
    without = get_docx("per-question", project)
    marking = build_docx(project, "per-question", marking="TLP:AMBER")

    _, edited = redline(*((marking, without) if is_back else (without, marking)))

    bars = [
        [
            line.words
            for line in view.list_lines(edited.headers_footers)
            if "TLP" in format_tokens(line.words)
        ]
        for view in (edited.accepted, edited.rejected)
    ]
    assert [bool(found) for found in bars] == [not is_back, is_back]


def shown_in(project: Path, colour: str) -> bytes:
    """Build a brief with a picture."""
    changes = (("article", "- Bread is", "![a map](images/map.png)\n\n- Bread is"),)
    write_project(project, replace_texts(changes))
    (project / "content/talk/images").mkdir(exist_ok=True)
    Image.new("RGB", (30, 20), colour).save(project / "content/talk/images/map.png")
    return build_docx(project, "per-question")


def test_a_picture_that_went_comes_back_when_it_is_rejected(tmp_path, redline):
    without = get_docx("per-question", write_project(tmp_path / "without"))
    red, blue = (shown_in(tmp_path / colour, colour) for colour in ("red", "blue"))

    for old, new, pictures in ((red, without, 1), (without, red, 1), (red, blue, 2)):
        data, edited = redline(old, new)

        assert [
            sum(bool(line.pictures) for line in view.list_lines(edited.paragraphs))
            for view in (edited.accepted, edited.rejected)
        ] == [int(new != without), int(old != without)]
        with zipfile.ZipFile(BytesIO(data)) as package:
            stored = [package.read(n) for n in package.namelist() if "/media/" in n]
            assert b'Extension="png"' in package.read("[Content_Types].xml")
        assert len(set(stored)) == len(stored) == pictures
    assert redline(red, red)[1].revisions == ()


def test_the_same_redline_is_the_same_bytes(tmp_path, redline):
    old = get_docx("per-question", write_project(tmp_path))
    new = build_docx(write_project(tmp_path, replace_texts(tuple(REWRITTEN))), "per-question")

    assert redline(old, new)[0] == redline(old, new)[0]


def test_a_file_with_changes_of_its_own_is_refused(tmp_path, redline):
    old = get_docx("per-question", write_project(tmp_path))
    editor = Editor(old, "Ann")
    editor.replace("Nobody", "No one")

    with pytest.raises(Problems) as raised:
        redline(old, editor.save())
    assert [d.code for d in raised.value.diagnostics] == ["tracked-already"]


def test_a_redline_that_is_not_both_texts_is_refused(tmp_path, redline):
    old = get_docx("per-question", write_project(tmp_path))
    editor = Editor(old)
    editor.replace("Nobody", "No one")
    data, after = redline(old, editor.save())

    with pytest.raises(Problems) as raised:
        check_redline(data, after, after)
    assert [d.code for d in raised.value.diagnostics] == ["not-redlined"]


def test_a_redline_can_be_pulled(tmp_path, redline):
    project = write_project(tmp_path)
    old = get_docx("per-question", project)
    new = build_docx(write_project(tmp_path, replace_texts(tuple(REWRITTEN))), "per-question")
    data, _ = redline(old, new)

    assert pull_files(project, data).format_diff() == ""


def test_the_command_compares_a_revision_with_what_is_there(tmp_path):
    project = write_project(tmp_path)
    for arguments in (
        ["init", "-q"],
        ["add", "content"],
        ["-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-qm", "One"],
    ):
        subprocess.run(["git", *arguments], cwd=project, check=True, capture_output=True)
    write_project(project, {**TEXTS, "content/talk/article.md": ARTICLE.replace("old", "ancient")})

    result = brief(project, "redline", "HEAD:talk", "content/talk", "-t", "per-question")

    assert (result.exit_code, result.stdout) == (0, "wrote redline.docx\n")
    edited = reader.read_edited_docx(project / "redline.docx", "redline.docx")
    assert "Bread is ancient." in lines(edited, "accepted")
    assert "Bread is old." in lines(edited, "rejected")


@pytest.mark.parametrize(
    ("old", "code"), [("nothing", "no-edition"), ("content/talk", "no-template")]
)
def test_what_is_no_edition_is_a_wrong_usage(tmp_path, old, code):
    result = brief(write_project(tmp_path), "redline", old, "content/talk")

    assert result.exit_code == 2
    assert f"[{code}]" in result.stderr


def test_what_word_cannot_track_is_told(tmp_path):
    project = write_project(tmp_path)
    old = get_docx("briefing-pack", project)
    new = build_docx(write_project(tmp_path, replace_texts(tuple(SHORTER))), "briefing-pack")
    for name, data in (("old.docx", old), ("new.docx", new)):
        (tmp_path / name).write_bytes(data)

    result = brief(tmp_path, "redline", "old.docx", "new.docx")

    assert result.exit_code == 0
    assert "warning: sections, with their pages and columns changed" in result.stderr
    assert "[not-tracked]" in result.stderr
    again = brief(tmp_path, "redline", "old.docx", "old.docx")
    assert (again.exit_code, again.stderr) == (0, "")
