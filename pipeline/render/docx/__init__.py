"""The Word format: a DOCX that editors work in, with the words and order of the PDF.

The way through: ``package`` fills our own base with ``styles`` (made from the theme by
the literal ``sheet``), ``blocks``, ``paragraphs`` and ``inlines`` write the Document into it,
``furniture`` sets the pages, and the package is zipped to the same bytes each time.
"""

from pipeline.render.docx.writer import render

__all__ = ["render"]
