"""The table of checks is whole: for people, and for those who find things by it."""

import re
from pathlib import Path

import pytest

from pipeline.checks.check_table import CHECKS, FAMILIES, make_finding
from pipeline.checks.content_checks import WELL_KNOWN
from tests.support.paths import ROOT

FOLDER = ROOT / "pipeline" / "checks"
TESTS = {
    *ROOT.glob("tests/checks/test_*.py"),
    ROOT / "tests/commands/test_check_command.py",
} - {Path(__file__)}
MODULES = {
    "content": ["content_checks"],
    "layout": ["layout_checks"],
    "preflight": ["pdf_checks", "pdf_standards", "docx_checks", "check_steps"],
}


@pytest.mark.parametrize("family", FAMILIES)
def test_the_page_for_people_lists_every_check_of_a_family(family):
    page = (FOLDER / "README.md").read_text("utf-8")
    part = page.split(f"## {family.title()}\n")[1].split("\n## ")[0]
    listed = [line for line in part.splitlines() if line.startswith("| `")]
    assert listed == [
        f"| `{code}` | {check.severity.value} | {check.summary} |"
        for code, check in CHECKS.items()
        if check.family == family
    ]


@pytest.mark.parametrize("code", CHECKS)
def test_a_check_is_looked_for_by_its_family_and_has_a_test(code):
    sources = [(FOLDER / f"{name}.py").read_text("utf-8") for name in MODULES[CHECKS[code].family]]
    written = code.replace("unbalanced-", "unbalanced-{what}|")  # two codes are made there
    assert any(f'"{part}"' in "".join(sources) for part in (code, written.split("|")[0]))
    assert any(f'"{code}"' in path.read_text("utf-8") for path in TESTS)


def test_a_finding_matters_as_much_as_its_check():
    assert make_finding("no-alt", "").is_error
    assert not make_finding("widow", "").is_error
    assert make_finding("left-over", "").is_note


def test_the_page_for_people_says_which_abbreviations_are_known():
    page = " ".join((FOLDER / "README.md").read_text("utf-8").split())
    assert f"nor do {', '.join(sorted(WELL_KNOWN))}." in page


def test_codes_are_words():
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) for code in CHECKS)
