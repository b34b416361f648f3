"""Word files that somebody else made: opened within bounds, and what a brief may take of them.

In: bytes of a .docx or .dotx. Out: parts and relations, and a house's Word template with its
headers and footers. This package does not write briefs (render/docx does) and reads no edits
(review does).
"""
