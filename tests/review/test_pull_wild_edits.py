"""Whatever became of a file, tables in it too: a pull ends with an account, or with problems."""

from __future__ import annotations

import pytest

from pipeline.diagnostics import Problems
from tests.support.review_project import TEMPLATES, build_docx, pull_files, write_project
from tests.support.review_tables import PROJECT
from tests.support.wild_edits import edit_wildly

QUICK = (8, 15, 50)
"""Seeds of edits that refuse a table and change a cell of it."""


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return write_project(tmp_path_factory.mktemp("project"), PROJECT)


@pytest.fixture(scope="module")
def built(project):
    return {template: build_docx(project, template) for template in TEMPLATES}


def pull_wildly(project, data, seed):
    try:
        result = pull_files(project, edit_wildly(data, seed), suggest=seed % 7 == 0)
    except Problems:
        return
    assert result.waits or not any("<<<<<<<" in text for text in result.after.values())


@pytest.mark.parametrize("seed", QUICK)
def test_a_file_that_was_edited_anyhow_is_pulled(project, built, seed):
    pull_wildly(project, built["per-question"], seed)


@pytest.mark.soak
@pytest.mark.parametrize("template", TEMPLATES)
def test_many_files_that_were_edited_anyhow_are_pulled(project, built, template):
    for seed in range(250):
        pull_wildly(project, built[template], seed)
