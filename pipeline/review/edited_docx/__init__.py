"""An editor's DOCX, read: paragraphs, tracked changes, comments and fields, each in its place.

In: the bytes of a DOCX. Out: frozen records of what it says, with and without its changes. What a
change means for the content is not decided here.
"""
