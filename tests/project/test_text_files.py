"""The project's text files: UTF-8 within bounds, in their own folder, or refused at their place."""

import pytest

from pipeline.content import loader
from pipeline.system.limits import SourceLimits
from tests.support.small_project import ARTICLE_FILE, MINI, find_path, list_problems


def test_a_folder_in_a_files_place_is_told(project):
    find_path(project, "summary.yaml").unlink()
    find_path(project, "summary.yaml").mkdir()
    (found,) = list_problems(project)
    assert found.message == "`summary.yaml`: Is a directory"


def test_a_file_that_is_too_large_is_not_read(project):
    assert {f.code for f in list_problems(project, SourceLimits(text_bytes=40))} == {"too-large"}


@pytest.mark.parametrize(
    ("before", "data", "at", "byte"),
    [
        ("", b"caf\xe9", "20:4", "0xe9"),
        ("", "café é ".encode() + b"\xff", "20:8", "0xff"),
        ("", b"a\r\nb\rc\xc3", "22:2", "0xc3"),
        ("\ufeff", b"\x80", "20:1", "0x80"),
    ],
)
def test_what_is_not_utf_8_is_told_to_the_byte(diagnose, before, data, at, byte):
    start, end = (before + MINI["article.md"]).encode().split(b"It depends.")
    (found,) = diagnose("article.md", start + data + end)
    assert (found.code, str(found.at)) == ("not-utf8", f"{ARTICLE_FILE}:{at}")
    assert byte in found.message
    assert found.hint == "save the file as UTF-8"


def test_utf_16_is_told(diagnose):
    found = diagnose("article.md", MINI["article.md"].encode("utf-16"))[0]
    assert (found.code, str(found.at)) == ("not-utf8", f"{ARTICLE_FILE}:1:1")


def test_a_character_that_cannot_be_printed_is_told_to_the_column(diagnose):
    text = MINI["article.md"].replace("It depends.", "It \u200bdepends\u200b.\n\x1b")
    assert [(f.code, str(f.at), f.message) for f in diagnose("article.md", text)] == [
        ("bad-character", f"{ARTICLE_FILE}:20:4", "the text holds U+200B zero width space"),
        ("bad-character", f"{ARTICLE_FILE}:21:1", "the text holds U+001B"),
    ]


@pytest.mark.parametrize("end", ["\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_a_byte_order_mark_make_no_difference(project, write, end, mark):
    plainly = loader.load_content(project, "mini")
    for name, text in MINI.items():
        find_path(project, name).write_bytes((mark + text.replace("\n", end)).encode())
    read = loader.load_content(project, "mini")
    assert (read.article, read.summary, read.house) == (
        plainly.article, plainly.summary, plainly.house,
    )  # fmt: skip
    assert read.places == plainly.places
    assert read.lines == plainly.lines


# --- links out ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["house.yaml", "article.md", "summary.yaml"])
def test_a_file_that_links_out_of_its_folder_is_not_read(project, tmp_path, name):
    outside = tmp_path.parent / f"{tmp_path.name}-secret"
    outside.write_text(MINI[name])
    find_path(project, name).unlink()
    find_path(project, name).symlink_to(outside)
    found = list_problems(project)[0]
    shown = find_path(project, name).relative_to(project).as_posix()
    assert (found.code, str(found.at)) == ("file-outside", shown)
    assert found.hint == "put the file itself there"


def test_a_folder_that_links_out_of_the_project_is_not_read(project, tmp_path):
    outside = tmp_path.parent / f"{tmp_path.name}-secrets"
    (project / "content" / "mini").rename(outside)
    (project / "content" / "mini").symlink_to(outside)
    assert {(f.code, f.at.file) for f in list_problems(project)} == {
        ("file-outside", "content/mini/article.md"),
        ("file-outside", "content/mini/summary.yaml"),
    }


def test_a_link_within_the_folder_is_followed(project):
    find_path(project, "article.md").rename(project / "content" / "mini" / "draft.md")
    find_path(project, "article.md").symlink_to("draft.md")
    assert loader.load_content(project, "mini").article.title == "Small talk"


@pytest.mark.parametrize("target", ["summary.yaml", "nowhere.yaml"])
def test_a_link_to_nothing_is_told(project, target):
    find_path(project, "summary.yaml").unlink()
    find_path(project, "summary.yaml").symlink_to(target)
    (found,) = list_problems(project)
    assert (found.code, str(found.at)) == ("unreadable", "content/mini/summary.yaml")
    assert "is a link that leads nowhere" in found.message


def test_a_project_behind_a_link_is_read(project, tmp_path):
    link = tmp_path.parent / f"{tmp_path.name}-link"
    link.symlink_to(project)
    assert (
        loader.load_content(link, "mini").inputs.keys()
        == loader.load_content(project, "mini").inputs.keys()
    )


@pytest.mark.parametrize(
    ("file", "old"),
    [
        ("article.md", "It depends."),
        ("summary.yaml", "standfirst: Two experts on words."),
        ("house.yaml", "name: A House"),
    ],
)
def test_a_conflict_that_is_not_resolved_is_the_one_error(diagnose, file, old):
    marked = f"<<<<<<< content\n{old}\n=======\n{old}!\n>>>>>>> editor"
    text = MINI[file].replace(old, marked)

    (found,) = diagnose(file, text)

    line = text[: text.index("<<<<<<<")].count("\n") + 1
    name = "content/house.yaml" if file == "house.yaml" else f"content/mini/{file}"
    assert (found.code, str(found.at)) == ("unresolved-conflict", f"{name}:{line}:1")
    assert found.message == "a conflict is not resolved"
    assert ">>>>>>>" in found.hint


def test_each_conflict_has_its_line_and_so_has_a_mark_that_was_left(diagnose):
    whole = "<<<<<<< HEAD\na\n||||||| base\nb\n=======\nc\n>>>>>>> branch\n"
    text = MINI["article.md"].replace("It depends.", f"{whole}\n{whole}\nIt.\n>>>>>>> branch")

    assert [str(f.at) for f in diagnose("article.md", text)] == [
        f"{ARTICLE_FILE}:{line}:1" for line in (20, 28, 37)
    ]
