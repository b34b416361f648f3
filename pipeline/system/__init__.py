"""This machine: what it must have, what it has, and safe ways to write files and use memory.

In: nothing of a project. Out: versions, file writes that are whole or undone, limits, and
diagnostics of faults of brief itself. This package knows no content and no format.
"""
