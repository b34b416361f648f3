"""The commands of `brief`: options in, diagnostics out; a module for those that belong together.

In: words of the command line. Out: a request to the stage that does the work, its report on the
terminal, an exit code. No command decides anything about words or pages.
"""
