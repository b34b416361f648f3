"""What an editor changed in a brief's DOCX, brought back as changes of the content.

In: edited DOCX files, or two editions of a brief. Out: changed content files with an account of
every change (``pull``), or a DOCX with tracked changes (``redline``). This package lays out no
brief, and writes to content/ only what was asked for.
"""
