"""Every brief is a valid Word file: the specimen, and all four templates.

By openxml-audit, which knows when a style is named that is not there; and by the Open XML SDK
where its validator is, which `make office` brings.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.build.build_briefs import compose_briefs, load_articles
from pipeline.diagnostics import Findings
from pipeline.render.docx.writer import render
from pipeline.request import Request
from tests.support import specimen
from tests.support.paths import ROOT

VALIDATOR = ROOT / ".venv" / "office" / "node_modules" / ".bin" / "ooxml-validator"

pytestmark = pytest.mark.slow
validated = pytest.mark.skipif(not VALIDATOR.exists(), reason="the validator is not there")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Every brief as a Word file, without the page numbers that a layout gives."""
    folder = tmp_path_factory.mktemp("word")
    request, findings = Request(project=ROOT, out=folder, marking="TLP:AMBER"), Findings()
    given = {"specimen": (specimen.document(), specimen.make_options())}
    for brief in compose_briefs(request, load_articles(request, findings), findings).briefs:
        given[brief.name] = brief.document, brief.options
    for name, (document, options) in given.items():
        (folder / f"{name}.docx").write_bytes(render(document, options).data)
    assert len(given) == 5
    return folder


def errors(file: Path) -> list[dict]:
    output = subprocess.run([VALIDATOR, file], capture_output=True, text=True, check=False)
    return json.loads(output.stdout)["errors"]


def test_no_style_is_missing(folder):
    """What else it finds is advice: it does not see the notes that the SDK sees."""
    audit = Path(sys.executable).with_name("openxml-audit")
    command = [audit, "--recursive", "--output", "json", folder]
    output = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    assert "specimen.docx" in output
    assert "not defined in styles.xml" not in output


@validated
def test_every_brief_is_valid(folder):
    wrong = {file.name: errors(file) for file in folder.glob("*.docx")}
    assert not any(wrong.values()), wrong


@validated
def test_the_validator_finds_what_is_wrong(folder, tmp_path):
    file = tmp_path / "broken.docx"
    file.write_bytes((folder / "specimen.docx").read_bytes().replace(b"word/", b"ward/"))
    assert errors(file)
