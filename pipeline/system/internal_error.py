"""What brief itself gets wrong, reported like everything else that is wrong."""

from __future__ import annotations

import os
import traceback

from pipeline.diagnostics import Diagnostic

TRACEBACK_VARIABLE = "BRIEF_TRACEBACK"


def describe_internal_error(error: Exception, doing: str) -> Diagnostic:
    """Return a diagnostic (``internal``) of an exception that nobody foresaw.

    ``doing`` is what was not done. If TRACEBACK_VARIABLE is set, the traceback goes to standard
    error.
    """
    if os.environ.get(TRACEBACK_VARIABLE):
        traceback.print_exception(error)
    message = str(error).partition("\n")[0]
    return Diagnostic(
        "internal",
        f"{doing}, through a fault of brief itself: {type(error).__name__}: {message}",
        None,
        f"please report it, with the traceback that {TRACEBACK_VARIABLE}=1 shows",
    )
