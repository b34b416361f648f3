"""A note in Markdown whose lines YAML folds is read as the value that it is."""

from __future__ import annotations

import pytest

from tests.support.editor import Editor
from tests.support.review_project import TEXTS, build_docx, merge_result, pull_files, write_project

BIO = """\
  mo:
    name: Mo Derator
    bio: >-
      Mo asks *plain* questions
      {line}
      all day.
"""


@pytest.mark.parametrize("line", ["# 9 times", "- or none -", "> so", "1. time"])
def test_a_line_that_looks_like_a_block_is_not_lost(tmp_path, line):
    article = TEXTS["content/talk/article.md"]
    old = '  mo: {name: Mo Derator, bio: "Mo asks *plain* questions."}\n'
    texts = {**TEXTS, "content/talk/article.md": article.replace(old, BIO.format(line=line))}
    assert texts != TEXTS
    project = write_project(tmp_path, texts)
    editor = Editor(build_docx(project, "briefing-pack"), "Ann Editor")
    editor.replace("all day", "all night")

    result = pull_files(project, editor.save())

    expected = " ".join(f"Mo asks *plain* questions {line} all night.".split())
    assert expected in " ".join(merge_result(result, texts)["content/talk/article.md"].split())
    assert not result.waits
