"""A dozen experts, and long names, have room in a brief."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.support.command import brief
from tests.support.review_project import ARTICLE_FILE, write_project

NAMES = [f"Bartholomew Number{n} Featherstonehaugh-Cholmondeley" for n in range(12)]
ARTICLE = "\n".join(
    [
        "---\ntitle: Many\nexperts:",
        *(f"  e{n}: {{name: {name}}}" for n, name in enumerate(NAMES)),
        "---\n\n# Why? {#q1}\n",
        *(f"## e{n}\n\nAnswer {n}.\n" for n in range(12)),
    ]
)


@pytest.mark.slow
@pytest.mark.parametrize("paper", ["a4", "a5"])
def test_the_names_of_a_dozen_stay_on_the_cover(tmp_path: Path, paper):
    project = write_project(tmp_path, {"content/house.yaml": "name: X\n", ARTICLE_FILE: ARTICLE})

    built = brief(project, "build", "-t", "briefing-pack", "-f", "pdf", "--paper", paper)

    assert built.exit_code == 0
    (file,) = project.glob("out/*/*.pdf")
    command = ["pdftotext", "-f", "1", "-l", "1", str(file), "-"]
    cover = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert [n for n in range(12) if f"Number{n} " not in cover] == []
