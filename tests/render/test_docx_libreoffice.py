"""What LibreOffice makes of the shipped briefs: as many pages, and the same pages in the contents.

Runs where LibreOffice is, which `make office` brings.
"""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support import libreoffice
from tests.support.docx_file import WordFile, get_style, read_text
from tests.support.read_outputs import count_pdf_pages

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(libreoffice.SOFFICE is None, reason="LibreOffice is not there"),
]
SHORT = ("per-expert", "per-question", "policymaker-summary")


def contents(file: WordFile) -> dict[str, int]:
    """Return the lines of a file's contents as they stand in it: words to page."""
    lines = (read_text(p) for p in file.paragraphs if re.fullmatch(r"TOC\d", get_style(p) or ""))
    return {words: int(page) for words, _, page in (line.rpartition("\t") for line in lines)}


def fonts(pdf: Path) -> set[str]:
    listed = subprocess.run(["pdffonts", pdf], capture_output=True, text=True, check=True).stdout
    return {line.split("+")[-1].split("-")[0].split()[0] for line in listed.splitlines()[2:]}


@pytest.mark.parametrize(
    ("paper", "templates", "least"),
    [("a4", ("briefing-pack", *SHORT), 20), ("letter", SHORT, 10)],
)
def test_the_pages_are_those_of_the_pdf(shipped, paper, templates, least, tmp_path):
    for template in templates:
        for name in ("pdf", "docx"):
            shutil.copy(shipped(template, paper, name), tmp_path)
    lines = wrong = 0
    for stem, laid in libreoffice.lay_out_files(tmp_path).items():
        printed, shown = count_pdf_pages(tmp_path / f"{stem}.pdf"), count_pdf_pages(laid.pdf)
        most = 1 if "summary" in stem else 0.15 * printed
        assert abs(printed - shown) <= most, stem
        assert fonts(laid.pdf) == {"Spectral", "Barlow"}, "pages are measured in the theme's faces"
        ours, theirs = contents(WordFile((tmp_path / f"{stem}.docx").read_bytes())), laid.contents
        assert {*ours} <= {words for words, _ in theirs}
        lines += len(ours)
        wrong += sum(ours.get(words, page) != page for words, page in theirs)
    assert lines >= least
    assert wrong <= lines / 10
