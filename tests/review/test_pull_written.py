"""What the command shows and writes: a difference that git applies, and files as they were."""

from __future__ import annotations

import json
import subprocess

import pytest

from pipeline.content import loader
from pipeline.review.pull import pull_steps
from tests.support.command import brief
from tests.support.review_project import (
    ARTICLE,
    ARTICLE_FILE,
    commit_project,
    pull_files,
    rewrite_article,
)

WITHOUT_DOUBT = ARTICLE.replace("Nobody doubts", "No one doubts")


def test_the_command_shows_a_difference_that_git_applies(project, editor):
    editor.replace("Nobody", "No one")
    editor.comment("rain or shine", "Is this so?")
    (project / "edited.docx").write_bytes(editor.save())

    result = brief(project, "pull", "edited.docx")
    (project / "changes.patch").write_text(result.stdout, "utf-8")
    subprocess.run(["git", "apply", "changes.patch"], cwd=project, check=True)

    assert result.exit_code == 0
    assert (project / ARTICLE_FILE).read_text("utf-8") == ARTICLE.replace(
        "Nobody doubts", "No one doubts"
    )
    assert (project / "content/talk/reviews/edited.yaml").is_file()
    assert "2 tracked changes: 2 applied" in result.stderr


def test_the_command_writes_what_it_is_told_to_and_says_what_is_left(project, editor):
    editor.replace("Nobody", "No one")
    editor.replace("At a glance", "In short")
    (project / "edited.docx").write_bytes(editor.save())

    result = brief(project, "pull", "edited.docx", "--apply")

    assert result.exit_code == 3
    assert result.stdout == f"wrote {ARTICLE_FILE}\n"
    assert "refused: paragraph " in result.stderr
    assert (project / ARTICLE_FILE).read_text("utf-8") == ARTICLE.replace(
        "Nobody doubts", "No one doubts"
    )
    assert loader.load_content(project, "talk").article.title


def test_the_command_tells_programs_everything(project, editor):
    editor.replace("Nobody", "No one")
    (project / "edited.docx").write_bytes(editor.save())

    output = json.loads(brief(project, "pull", "edited.docx", "--report", "json").stdout)

    assert output["article"] == "talk"
    assert output["totals"]["revision"] == {"applied": 2}
    assert sum(output["totals"]["paragraph"].values()) == sum(
        entry["kind"] == "paragraph" for entry in output["entries"]
    )
    assert output["left_over"] is False


def test_changes_that_are_not_committed_are_not_overwritten(project, editor):
    editor.replace("Nobody", "No one")
    (project / "edited.docx").write_bytes(editor.save())
    commit_project(project)
    rewrite_article(project, "rain or shine", "come what may")

    refused = brief(project, "pull", "edited.docx", "--apply")
    forced = brief(project, "pull", "edited.docx", "--apply", "--force")

    assert refused.exit_code == 1
    assert "[uncommitted-changes]" in refused.stderr
    assert forced.exit_code == 0
    assert "come what may" in (project / ARTICLE_FILE).read_text("utf-8")


def test_what_git_ignores_is_not_overwritten(project, editor):
    editor.replace("Nobody", "No one")
    (project / "edited.docx").write_bytes(editor.save())
    (project / ".gitignore").write_text("content/talk/\n", "utf-8")
    commit_project(project)
    before = (project / ARTICLE_FILE).read_bytes()

    refused = brief(project, "pull", "edited.docx", "--apply")

    assert refused.exit_code == 1
    assert "[uncommitted-changes]" in refused.stderr
    assert (project / ARTICLE_FILE).read_bytes() == before


def test_line_ends_and_the_byte_order_mark_stay(project, editor):
    editor.replace("Nobody", "No one")
    path = project / ARTICLE_FILE
    path.write_bytes(b"\xef\xbb\xbf" + ARTICLE.replace("\n", "\r\n").encode())

    pull_steps.apply_pull(project, pull_files(project, editor.save()), force=False)

    wanted = WITHOUT_DOUBT.replace("\n", "\r\n").encode()
    assert path.read_bytes() == b"\xef\xbb\xbf" + wanted


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_git_applies_the_difference_of_a_file_with_other_line_ends(project, editor, mark):
    path = project / ARTICLE_FILE
    path.write_bytes(mark + ARTICLE.replace("\n", "\r\n").encode())
    editor.replace("Small talk", "Large talk")
    editor.replace("Nobody", "No one")
    (project / "edited.docx").write_bytes(editor.save())

    output = brief(project, "pull", "edited.docx").stdout_bytes
    (project / "changes.patch").write_bytes(output)
    subprocess.run(["git", "apply", "changes.patch"], cwd=project, check=True)

    wanted = WITHOUT_DOUBT.replace("short_title: Small", "short_title: Large")
    assert path.read_bytes() == mark + wanted.replace("\n", "\r\n").encode()
