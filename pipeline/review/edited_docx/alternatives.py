"""Content that is there in several forms: a program takes the one it knows (ECMA-376-3 §10).

Word writes an emoji so, and a drawing with an older one for programs of before.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

_COMPATIBLE: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_ALTERNATE: Final = f"{_COMPATIBLE}AlternateContent"
_DRAWINGS: Final = "http://schemas.microsoft.com/office/word/2010/wordprocessing"
_KNOWN: Final = frozenset(f"{_DRAWINGS}{kind}" for kind in ("Shape", "Group", "Canvas", "Drawing"))
"""The namespaces of drawings, which are read for what stands in them."""


def iterate_chosen(element: Any) -> Iterator[Any]:
    """Return the elements inside; of those that are there in several forms the one that is read."""
    for child in element:
        if child.tag == _ALTERNATE:
            yield from _iterate_form(child)
        else:
            yield child


def _iterate_form(alternate: Any) -> Iterator[Any]:
    """Return the first form that is known, else the last resort, else whatever there is."""
    forms = [form for form in alternate if len(form)]
    known = [form for form in forms if _is_known(form)]
    resort = [form for form in forms if form.tag == f"{_COMPATIBLE}Fallback"]
    chosen = next(iter((*known, *resort, *forms)), None)
    if chosen is None:
        yield alternate  # it says nothing, and is told as an element that is not known
    else:
        yield from iterate_chosen(chosen)


def _is_known(form: Any) -> bool:
    required = form.get("Requires", "").split()
    return bool(required) and all(form.nsmap.get(prefix) in _KNOWN for prefix in required)
