"""Editors' comments are in the Word file when they ask for it, and in nothing else ever."""

import subprocess
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from pipeline.document.editor_notes import attach_notes
from pipeline.document.tree import (
    Comment,
    Document,
    Emphasis,
    Heading,
    Meta,
    Paragraph,
    Section,
    Text,
    to_full_text,
    walk,
)
from tests.support.anchors import read_manifest
from tests.support.command import brief, read_files
from tests.support.docx_file import WordFile, get_style, read_text, render_docx
from tests.support.markdown_texts import read
from tests.support.read_outputs import W
from tests.support.small_project import find_path

SECRET = "zebra"
"""A word that only comments have."""


@pytest.fixture
def remarked(project: Path) -> Path:
    """The small project, with a note and comments."""
    article = find_path(project, "article.md")
    text = article.read_text("utf-8")
    for old, new in (
        ("date: 2024", f"notes: ['On all of it: {SECRET}', 'Again']\ndate: 2024"),
        ("words bind,", f"words %%Do they, {SECRET}?%% bind,"),
        ("It depends.", f"It *depends*[^1].\n\n%%Ask\n{SECRET} again.%%"),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    article.write_text(f"{text}\n[^1]: So %%{SECRET} 3%% it is.\n", "utf-8")
    return project


def paragraphs(text: str, **more):
    blocks, found = read(text, **more)
    assert found == []
    return blocks


class TestReading:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("One %%c%% two.", "One two."),
            ("One %%c%%.", "One."),
            ("One\n%%c%%\ntwo.", "One two."),
            ("One\n%%c%%", "One"),
            ("One %%c%% %%d%% two.", "One two."),
            ("One%%c%%two.", "Onetwo."),
            ("%%c%% One.", "One."),
            ("One *two %%c%% three*.", "One two three."),
            ("One %%%% two.", "One two."),
            ("100\\%% sure, or 5 % of 10 %.", "100%% sure, or 5 % of 10 %."),
            ("One %%*c* [d] `e` <f>%% two.", "One two."),
        ],
    )
    def test_a_comment_is_no_words(self, text, expected):
        assert to_full_text(paragraphs(text)) == expected
        assert to_full_text(paragraphs(text, comments=True)) == expected

    def test_it_stands_behind_the_words_that_it_is_on(self):
        (block,) = paragraphs("One *two* %%a  long\nremark%% three.", comments=True)
        assert [type(node) for node in block.children] == [Text, Emphasis, Text, Comment, Text]
        assert block.children[3] == Comment("a long remark", "a.md:10:1")

    def test_one_in_a_paragraph_of_its_own_is_on_the_words_above(self):
        text = "%%a%%\n\nOne.\n\n%%b%%\n%%c%%\n\n- two\n\n  %%d%%\n\nThree."
        blocks = paragraphs(text, comments=True)
        assert len(blocks) == 3
        shown = [n.text for block in blocks for n in walk(block) if isinstance(n, Comment | Text)]
        assert shown == ["a", "One.", "b", "c", "two", "d", "Three."]
        assert [b.children[-1].source for b in paragraphs(text)[::2]] == ["a.md#1", "a.md#3"]

    @pytest.mark.parametrize("text", ["One %%two\n\nthree%% four.", "%%one", "One %%a%%%% two."])
    def test_one_that_does_not_end_in_its_paragraph_is_refused(self, text):
        _, found = read(text)
        assert {d.code for d in found} == {"comment-open"}
        assert all(d.at and d.at.line >= 10 for d in found)

    def test_a_line_behind_a_comment_keeps_its_number(self):
        _, found = read("One\n%%a\nb%%\ntwo `code`.")
        assert [(d.code, d.at.line) for d in found] == [("unsupported-markdown", 13)]

    def test_a_picture_stays_a_picture(self):
        text = "One.\n\n![a map](map.png)\n\n%%Whose is it?%%"
        blocks = paragraphs(text, comments=True, image=lambda name, at: name)
        assert len(blocks) == 2
        assert isinstance(blocks[0].children[-1], Comment)


class TestNotes:
    def test_they_hang_on_the_first_heading(self):
        blocks = (Section((Heading(1, (Text("Title"),)),)), Heading(2, (Text("Next"),)))
        document = attach_notes(made_of(*blocks), [Comment("a"), Comment("b")])
        first, second = (n for n in walk(document) if isinstance(n, Heading))
        assert first.children[1:] == (Comment("a"), Comment("b"))
        assert second.children == (Text("Next"),)


def made_of(*blocks):
    return Document(Meta(title="T", language="en"), blocks)


def shown(file: WordFile) -> list[tuple[str, str]]:
    """Return each comment's words with the words that it is on."""
    ranges: dict[str, str] = {}
    open_ = set()
    for node in file.body.iter():
        if node.tag == f"{W}commentRangeStart":
            open_.add(node.get(f"{W}id"))
        elif node.tag == f"{W}commentRangeEnd":
            open_.remove(node.get(f"{W}id"))
        elif node.tag == f"{W}t":
            for name in open_:
                ranges[name] = ranges.get(name, "") + node.text
    assert not open_
    comments = file.xml("word/comments.xml")
    return [(read_text(c).strip(), ranges.get(c.get(f"{W}id"), "")) for c in comments]


class TestTheWordFile:
    def build(self, project, *options) -> WordFile:
        result = brief(project, "build", "-f", "docx", "-t", "per-question", *options)
        assert result.exit_code == 0, result.output
        name = f"mini-per-question{'.with-notes' if options else ''}.docx"
        return WordFile((project / "out/mini" / name).read_bytes())

    def test_has_them_when_asked(self, remarked):
        file = self.build(remarked, "--with-notes")
        assert shown(file) == [
            (f"On all of it: {SECRET}", "Small talk"),
            ("Again", "Small talk"),
            (f"Do they, {SECRET}?", "“Because words "),
            (f"{SECRET} 3", ""),
            (f"Ask {SECRET} again.", "“It depends."),
        ]

    def test_they_are_the_house_s_and_of_the_edition_s_day(self, remarked):
        for comment in self.build(remarked, "--with-notes").xml("word/comments.xml"):
            assert comment.get(f"{W}author") == "A House"
            assert comment.get(f"{W}initials") == "AH"
            assert comment.get(f"{W}date") == "2024-02-29T00:00:00Z"
            assert [get_style(p) for p in comment] == ["CommentText"]

    def test_its_words_and_its_manifest_are_the_same_without(self, remarked):
        noted, plain_one = (read_manifest(self.build(remarked, *o)) for o in (["--with-notes"], []))
        assert [comment["text"] for comment in noted.pop("comments")][2] == f"Do they, {SECRET}?"
        assert plain_one.pop("comments") == []
        assert noted == plain_one

    def test_words_that_are_printed_again_have_their_comment_once(self):
        line = Paragraph((Text("Words"), Comment("a", "x:1")))
        file = render_docx(line, line, Paragraph((Text("More"), Comment("a", "x:2"))))
        assert shown(file) == [("a", "Words"), ("a", "More")]

    def test_without_comments_there_is_no_part_of_them(self, project):
        file = self.build(project, "--with-notes")
        assert "word/comments.xml" not in file.names
        assert "CommentText" not in file.styles

    def test_nobody_is_named_who_is_not_known(self):
        file = render_docx(Paragraph((Text("Words"), Comment("a"))))
        (comment,) = file.xml("word/comments.xml")
        assert (comment.get(f"{W}author"), comment.get(f"{W}date")) == ("", None)


def whole(files: dict[str, bytes]):
    """Yield all bytes of some files, and those that are packed in them."""
    for name, data in files.items():
        yield name, data
        if name.endswith(".docx"):
            with zipfile.ZipFile(BytesIO(data)) as package:
                for part in package.namelist():
                    yield f"{name}/{part}", package.read(part)


def with_secret(files: dict[str, bytes]) -> set[str]:
    return {name for name, data in whole(files) if SECRET.encode() in data}


@pytest.mark.slow
def test_no_format_has_them_and_only_the_word_file_when_asked(remarked):
    formats = [option for name in ("docx", "html", "tree") for option in ("-f", name)]
    formats += ["-t", "per-question", "-t", "per-expert"]
    for out, options in (("plain", []), ("noted", ["--with-notes"])):
        result = brief(remarked, "build", *formats, "--out", out, *options)
        assert result.exit_code == 0, result.output
    plain_files, noted_files = (read_files(remarked / out) for out in ("plain", "noted"))

    assert with_secret(plain_files) == set()
    found = {name.partition(".docx/")[2] for name in with_secret(noted_files)}
    assert found == {"word/comments.xml", "customXml/item1.xml"}
    others = [n for n in plain_files if not n.endswith((".docx", "manifest.json"))]
    assert len(others) == 3 * 2
    for name in others:
        assert plain_files[name] == noted_files[name], name


@pytest.mark.slow
@pytest.mark.parametrize("profile", ["screen", "print", "booklet", "archive"])
def test_no_page_has_them(remarked, profile):
    arguments = ("build", "-f", "pdf", "-t", "per-question", "--profile", profile)
    for out, options in (("plain", []), ("noted", ["--with-notes"])):
        result = brief(remarked, *arguments, "--out", out, *options)
        assert result.exit_code == 0, result.output
    plain_files, noted_files = (read_files(remarked / out) for out in ("plain", "noted"))
    (name,) = (name for name in plain_files if name.endswith(".pdf"))

    assert plain_files[name] == noted_files[name]
    text = subprocess.run(
        ["pdftotext", "-", "-"], input=noted_files[name], capture_output=True, check=True
    ).stdout
    assert b"Because words" in text
    assert SECRET.encode() not in text


def test_under_the_chatham_house_rule_they_are_refused(remarked):
    result = brief(remarked, "build", "-f", "docx", "--with-notes", "--chatham-house")
    assert result.exit_code == 2
    assert "[chatham-notes]" in result.output
    assert not (remarked / "out").exists()
