"""Briefs that were opened and saved in LibreOffice, edited or not."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.review.test_pull_edits import EDITS, VALUES, edited
from tests.support.review_project import (
    ANSWERS,
    TEMPLATES,
    after,
    docx,
    expected,
    pulled,
    write_project,
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not there"),
]


def saved(folder: Path, files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Open files in LibreOffice and save them as DOCX, all in one call."""
    given, made = folder / "given", folder / "saved"
    given.mkdir()
    for name, data in files.items():
        (given / f"{name}.docx").write_bytes(data)
    subprocess.run(
        [
            "soffice",
            "--headless",
            f"-env:UserInstallation=file://{folder}/profile",
            "--convert-to",
            "docx:MS Word 2007 XML",
            "--outdir",
            str(made),
            *map(str, sorted(given.iterdir())),
        ],
        check=True,
        capture_output=True,
        timeout=600,
    )
    return {name: (made / f"{name}.docx").read_bytes() for name in files}


def test_edits_come_back_through_libreoffice(tmp_path):
    cases = {
        f"{number}-{mode}": (template, name, mode)
        for mode in ("tracked", "untracked")
        for table, template in ((EDITS, ANSWERS[0]), (VALUES, "policymaker-summary"))
        for number, name in enumerate(table, 0 if table is EDITS else 100)
    }
    project = write_project(tmp_path)
    files = saved(
        tmp_path,
        {
            id: edited(docx(template, project), {**EDITS, **VALUES}[name][0], mode)
            for id, (template, name, mode) in cases.items()
        },
    )

    wrong = []
    for id, (_, name, mode) in cases.items():
        result = pulled(project, files[id])
        wanted = expected(tuple({**EDITS, **VALUES}[name][1]))
        if after(result) != wanted or result.waits:
            wrong.append((name, mode))
            print(name, mode, result.format_diff(), [e for e in result.entries if e.is_left_over])

    assert wrong == []


def test_briefs_that_nobody_edited_come_back_as_they_were(tmp_path):
    project = write_project(tmp_path)

    files = saved(tmp_path, {template: docx(template, project) for template in TEMPLATES})

    for template in TEMPLATES:
        result = pulled(project, files[template])
        assert (template, result.format_diff(), result.waits) == (template, "", False)
