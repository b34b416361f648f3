"""What LibreOffice makes of the shipped briefs: as many pages, and the same pages in the contents.

Runs where LibreOffice is, which `make office` brings.
"""

import re
import subprocess
from pathlib import Path

import pytest

from pipeline.build import Order, build
from tests import libreoffice
from tests.reading import pdf_count
from tests.wordfile import WordFile, said, style

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(libreoffice.SOFFICE is None, reason="LibreOffice is not there"),
]
ROOT = Path(__file__).parent.parent


def contents(file: WordFile) -> dict[str, int]:
    """Give the lines of a file's contents as they stand in it: words to page."""
    lines = (said(p) for p in file.paragraphs if re.fullmatch(r"TOC\d", style(p) or ""))
    return {words: int(page) for words, _, page in (line.rpartition("\t") for line in lines)}


def fonts(pdf: Path) -> set[str]:
    listed = subprocess.run(["pdffonts", pdf], capture_output=True, text=True, check=True).stdout
    return {line.split("+")[-1].split("-")[0].split()[0] for line in listed.splitlines()[2:]}


@pytest.mark.parametrize(
    ("paper", "templates", "least"),
    [("a4", (), 20), ("letter", ("per-expert", "per-question", "policymaker-summary"), 10)],
)
def test_the_pages_are_those_of_the_pdf(paper, templates, least, tmp_path):
    order = Order(project=ROOT, out=tmp_path, templates=templates, paper=paper, jobs=2)
    assert not build(order, lambda *_: None).diagnostics
    folder = tmp_path / "future-of-cyber-diplomacy"
    lines = wrong = 0
    for stem, laid in libreoffice.lay(folder).items():
        printed, shown = pdf_count(folder / f"{stem}.pdf"), pdf_count(laid.pdf)
        most = 1 if stem.endswith("summary") else 0.15 * printed
        assert abs(printed - shown) <= most, stem
        assert fonts(laid.pdf) == {"Spectral", "Barlow"}, "pages are measured in the theme's faces"
        ours, theirs = contents(WordFile((folder / f"{stem}.docx").read_bytes())), laid.contents
        assert {*ours} <= {words for words, _ in theirs}
        lines += len(ours)
        wrong += sum(ours.get(words, page) != page for words, page in theirs)
    assert lines >= least
    assert wrong <= lines / 10
