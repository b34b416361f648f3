"""From a request to finished files: compose each brief, set it in its formats, deliver it.

In: a Request. Out: files in out/ with their manifest, and a result that names them. This package
reads no options of the command line and lays out nothing itself: render does.
"""
