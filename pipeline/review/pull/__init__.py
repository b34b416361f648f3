"""An editor's changes into the content: each to the value whose words it changes, or refused.

In: edited files, and the content as it is now. Out: texts of changed content files, reviews, and
an account of every change, comment and paragraph. Nothing is written without ``--apply``.
"""
