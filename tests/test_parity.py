"""The same words, in the same order, in every format of every template.

PDF words come from poppler's reading of the structure tree, where page furniture
is marked as an artefact; DOCX words from the XML, without the results of page
fields; HTML words from the file's body. All are held against the Document's.
"""

import shutil
from pathlib import Path

import pytest

from pipeline import content
from pipeline.build import Order, _compose
from pipeline.diagnostics import Findings
from pipeline.render import renderer
from tests.reading import document_words, docx_words, html_words, letters, pdf_letters

ROOT = Path(__file__).parent.parent
TEMPLATES = ("briefing-pack", "per-expert", "per-question", "policymaker-summary")


@pytest.fixture(scope="module")
def briefs(tmp_path_factory):
    order = Order(project=ROOT, out=tmp_path_factory.mktemp("out"))
    loaded = content.load(ROOT, "future-of-cyber-diplomacy")
    return {brief.template: brief for brief in _compose(order, [loaded], Findings())}


@pytest.mark.parametrize("template", TEMPLATES)
def test_html(briefs, template):
    brief = briefs[template]
    made = renderer("html")(brief.document, brief.look).data
    assert html_words(made) == document_words(brief.document)


@pytest.mark.parametrize("template", TEMPLATES)
def test_docx(briefs, template):
    brief = briefs[template]
    made = renderer("docx")(brief.document, brief.look).data
    assert docx_words(made) == document_words(brief.document)


@pytest.mark.skipif(not shutil.which("pdfinfo"), reason="poppler-utils is not installed")
@pytest.mark.parametrize("template", TEMPLATES)
def test_pdf(briefs, template, tmp_path):
    brief = briefs[template]
    path = tmp_path / "brief.pdf"
    made = renderer("pdf")(brief.document, brief.look)
    path.write_bytes(made.data)
    assert pdf_letters(path) == letters(document_words(brief.document, made.anchors))
