"""What is done to a PDF between WeasyPrint's pages and the finished file: all of it, in one place.

In: WeasyPrint's pydyf.PDF, before it is written. Out: the bytes that a profile's standard asks for:

| profile | standard | steps |
|---|---|---|
| screen | PDF/A-2a (ISO 19005-2), PDF/UA-1 (ISO 14289-1) | structure, links, intent, metadata |
| print | PDF/X-4 (ISO 15930-7) | structure, blank pages, marks, boxes, inks, intent, metadata |
| archive | PDF/A-3a (ISO 19005-3), PDF/UA-1 | as screen, and attachments |
| booklet | PDF/X-4, imposed | sheets, marks, boxes, inks, intent, metadata |

Nothing here lays out words, and nothing is read back and written again, so a profile costs next
to no time.
"""
