"""Which paragraph of an edited file was which of the brief that was sent.

In: an edited file, and the manifest that it carries. Out: what the brief said, and groups of
paragraphs that belong together. No change is judged here.
"""
