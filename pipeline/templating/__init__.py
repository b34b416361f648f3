"""Templates: found, rendered in a sandbox, and composed to a Document.

In: a view of the content and a template's name. Out: a Document in which every value of the
content keeps its address. This package sets no pages and reads no article.
"""
