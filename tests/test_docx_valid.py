"""Every brief is a valid Word file, by the Open XML SDK: the specimen, and all four templates.

Runs where the validator is, which `make office` brings.
"""

import json
import subprocess
from pathlib import Path

import pytest

from pipeline.build import Order, compose_briefs, load
from pipeline.diagnostics import Findings
from pipeline.render.docx import render
from tests import specimen

ROOT = Path(__file__).parent.parent
VALIDATOR = ROOT / ".venv" / "office" / "node_modules" / ".bin" / "ooxml-validator"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not VALIDATOR.exists(), reason="the validator is not there"),
]


def errors(file: Path) -> list[dict]:
    told = subprocess.run([VALIDATOR, file], capture_output=True, text=True, check=False)
    return json.loads(told.stdout)["errors"]


def test_every_brief_is_valid(tmp_path):
    order, findings = Order(project=ROOT, out=tmp_path, marking="TLP:AMBER"), Findings()
    briefs = compose_briefs(order, load(order, findings), findings)
    documents = {brief.name: (brief.document, brief.look) for brief in briefs}
    assert len(documents) == 4
    for name, given in {**documents, "specimen": (specimen.document(), specimen.look())}.items():
        file = tmp_path / f"{name}.docx"
        file.write_bytes(render(*given).data)
        assert errors(file) == [], name


def test_the_validator_finds_what_is_wrong(tmp_path):
    file = tmp_path / "broken.docx"
    file.write_bytes(render(specimen.document(), specimen.look()).data.replace(b"word/", b"ward/"))
    assert errors(file)
