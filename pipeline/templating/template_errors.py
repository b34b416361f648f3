"""What went wrong in a template, at the template's own line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import jinja2
from jinja2.exceptions import SecurityError

from pipeline.diagnostics import Location, Problems, make_problem, suggest_names
from pipeline.templating.sandbox import TooLarge, UnknownName

_WITHOUT_END = "look for a loop, a macro or an include that goes on for ever"


def explain_error(
    error: Exception, template: str, names: Iterable[str], otherwise: str
) -> Problems:
    """Return what an exception from a template means.

    Args:
        error: What was raised while it was rendered.
        template: Its name.
        names: What it could have used.
        otherwise: The file to name when the exception passed through no template's line.
    """
    at = _find_line(error) or Location(otherwise)
    match error:
        case Problems():
            return Problems(d if d.at else replace(d, at=at) for d in error.diagnostics)
        case jinja2.TemplateSyntaxError():
            where = Location(error.filename or error.name or otherwise, error.lineno)
            return make_problem("template-syntax", f"this is not Jinja: {error.message}", where)
        case jinja2.TemplateNotFound():
            return make_problem(
                "template-missing",
                f"there is no template file `{error.name}`",
                at,
                "names count from the templates folder, such as _shared/base.html.j2",
            )
        case UnknownName():
            known = tuple(names if error.known is None else error.known)
            hint = suggest_names(error.name, known) if known else None
            return make_problem("undefined-name", str(error.message), at, hint)
        case TooLarge():
            why = f"`{template}` has no end: {error}"
            return make_problem("template-too-large", why, at, _WITHOUT_END)
        case RecursionError():
            why = f"`{template}` has no end: it calls itself again and again"
            return make_problem("template-too-large", why, at, _WITHOUT_END)
        case MemoryError():
            why = f"`{template}` has no end: it takes too much memory"
            return make_problem("template-too-large", why, at, _WITHOUT_END)
        case SecurityError():
            return make_problem("template-unsafe", str(error), at)
        case _:  # a template is a program: it may fail in any way
            return make_problem("template-error", str(error) or type(error).__name__, at)


def _find_line(error: BaseException) -> Location | None:
    """Find the template line that an exception passed through last."""
    at = None
    trace = error.__traceback__
    while trace:
        file = trace.tb_frame.f_code.co_filename
        if file.endswith(".j2"):
            at = Location(file, trace.tb_lineno)
        trace = trace.tb_next
    return at
