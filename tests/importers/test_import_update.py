"""An article imported again: what a person put right in it, and what is new in its source."""

from __future__ import annotations

import json

import pytest

from tests.importers.test_import import TEXT
from tests.support.command import brief, read_files

NEW = TEXT.replace("They are.", "They are, at times.")


@pytest.fixture
def project(tmp_path):
    (tmp_path / "content").mkdir()
    (tmp_path / "content/house.yaml").write_text("name: House of Locks\n")
    (tmp_path / "locks.txt").write_text(TEXT, "utf-8")
    assert brief(tmp_path, "import", "locks.txt", "--as", "locks").exit_code == 0
    return tmp_path


def update(project, text=NEW, *arguments):
    (project / "locks.txt").write_text(text, "utf-8")
    return brief(project, "import", "locks.txt", "--as", "locks", "--update", *arguments)


def edit(project, old, new, file="article.md"):
    path = project / "content/locks" / file
    text = path.read_bytes().decode()
    assert text.count(old) == 1
    path.write_bytes(text.replace(old, new).encode())


def read_article(project):
    return (project / "content/locks/article.md").read_text("utf-8")


def test_what_a_person_put_right_stays_and_what_is_new_comes(project):
    edit(project, "No.", "Never.")
    edit(project, "    name: Ana Souza\n", "    name: Ana Souza\n    bio: She keeps locks.\n")

    result = update(project)

    assert result.exit_code == 0
    article = read_article(project)
    assert "Never." in article
    assert "They are, at times." in article
    assert "    bio: She keeps locks.\n" in article
    assert "<<<<<<<" not in article


def test_an_update_with_nothing_new_changes_nothing(project):
    edit(project, "No.", "Never.")
    before = read_article(project)

    assert update(project, TEXT).exit_code == 0
    assert read_article(project) == before
    assert update(project).exit_code == 0
    after = read_article(project)
    assert update(project).exit_code == 0
    assert read_article(project) == after


def test_lines_that_both_changed_are_a_conflict_with_its_place(project):
    edit(project, "They are.", "They are not.")

    result = update(project)

    article = read_article(project)
    assert result.exit_code == 3
    assert (
        "<<<<<<< article.md\nThey are not.\n=======\nThey are, at times.\n>>>>>>> import\n"
        in article
    )
    line = article[: article.index("<<<<<<<")].count("\n") + 1
    assert f"content/locks/article.md:{line}:1" in result.stderr
    again = update(project, NEW)
    assert again.exit_code == 1
    assert "a conflict is not resolved" in again.stderr
    assert read_article(project) == article


def test_a_program_gets_the_conflicts(project):
    edit(project, "They are.", "They are not.")

    told = json.loads(update(project, NEW, "--report", "json").stdout)

    assert [found["code"] for found in told["conflicts"]] == ["unresolved-conflict"]


def test_after_a_conflict_is_resolved_the_next_update_knows(project):
    edit(project, "They are.", "They are not.")
    update(project)
    article = read_article(project)
    start, end = article.index("<<<<<<<"), article.index(">>>>>>> import\n")
    resolved = article[:start] + "They are not, at times.\n" + article[end + 15 :]
    (project / "content/locks/article.md").write_text(resolved, "utf-8")

    assert update(project, NEW.replace("“No.”", "“No, no.”")).exit_code == 0
    assert "They are not, at times." in read_article(project)
    assert "No, no." in read_article(project)


def test_an_article_imported_before_takes_its_base_from_the_source_beside_it(project):
    (project / "content/locks/import.md").unlink()
    edit(project, "No.", "Never.")

    assert update(project).exit_code == 0
    assert "Never." in read_article(project)
    assert "They are, at times." in read_article(project)


@pytest.mark.parametrize("spoil", ["gone", "changed"])
def test_without_a_base_no_work_of_a_person_is_overwritten(project, spoil):
    folder = project / "content/locks"
    (folder / "import.md").unlink()
    edit(project, "No.", "Never.")
    if spoil == "gone":
        (folder / "source.txt").unlink()
    else:
        edit(project, "Yes.", "Yes!", "source.txt")
    before = read_files(folder)

    result = update(project)

    assert result.exit_code == 1
    assert "content/locks/article.md: error: what the last import wrote is not known" in (
        result.stderr
    )
    assert "--as" in result.stderr
    assert read_files(folder) == before


def test_line_ends_of_windows_stay(project):
    path = project / "content/locks/article.md"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))

    assert update(project).exit_code == 0
    data = path.read_bytes()
    assert b"They are, at times.\r\n" in data
    assert data.count(b"\n") == data.count(b"\r\n")
    assert update(project).exit_code == 0  # with nothing new
    assert path.read_bytes() == data


@pytest.mark.parametrize("arguments", [(), ("--update",)], ids=["import", "update"])
def test_an_article_that_is_no_utf_8_is_told_with_its_place(project, arguments):
    path = project / "content/locks/article.md"
    path.write_bytes(path.read_bytes().replace(b"No.", b"N\xf3."))
    before = read_files(project)

    result = brief(project, "import", "locks.txt", "--as", "locks", *arguments)

    assert result.exit_code == 1
    assert "article.md" in result.stderr
    assert "byte 0xf3 is not UTF-8 text" in result.stderr
    assert read_files(project) == before


def test_what_an_import_wrote_is_no_input_of_a_brief(project):
    arguments = ("build", "locks", "-t", "per-question", "-f", "tree")
    brief(project, *arguments)
    (project / "content/locks/import.md").write_text("anything\n", "utf-8")

    assert "1 fresh" in brief(project, *arguments).output
