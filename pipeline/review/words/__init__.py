"""Words as they are compared: tokens with their format, and the differences between them.

In: nodes or texts. Out: tokens, changes, merges of two sets of changes over one base. Nothing here
knows a file.
"""
