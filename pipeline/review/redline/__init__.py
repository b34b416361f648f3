"""Two editions of a brief, and the changes between them as tracked changes in the newer one.

In: two DOCX files, or revisions of the content. Out: a DOCX, and a list of changes. No content is
changed here.
"""
