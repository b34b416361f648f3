"""A project's folders and text files, by names that are the same on every machine.

In: the path of a project. Out: names of articles and templates, hashes of files, the text of one
file. This package does not know what the files mean.
"""
