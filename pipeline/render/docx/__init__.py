"""The Word format: a DOCX that editors work in, with the words and order of the PDF.

In: a Document and RenderOptions, with page numbers where a layout is known. Out: the bytes of a
DOCX, the same each time. ``base_package`` fills our own base, ``styles_part`` makes styles of
the theme by literals such as ``paragraph_styles``, ``blocks``, ``paragraphs`` and ``inlines``
write the Document into it, ``headers_footers`` sets the pages. Files that come back are not read
here: review does that.
"""
