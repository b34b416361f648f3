"""WeasyPrint, which sets the pages: imported here, and as quickly as it can be.

Half the time of a short brief goes into importing it. A fifth of that is for variable
fonts and for machines without HarfBuzz's subsetter, and is put off until it is called.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any, Final, TypeAlias

from pipeline.diagnostics import make_problem


class _LazyModule(ModuleType):
    """Stands for a module, which is imported when one of its functions or classes is called."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*values: Any, **named: Any) -> Any:
            return getattr(import_module(self.__name__), name)(*values, **named)

        return call


@contextmanager
def _defer_imports(*names: str) -> Iterator[None]:
    """Let imports take stand-ins for these modules."""
    standing_in = {name: _LazyModule(name) for name in names if name not in sys.modules}
    sys.modules.update(standing_in)
    try:
        yield
    finally:
        for name in standing_in:
            del sys.modules[name]


try:
    with _defer_imports("fontTools.subset", "fontTools.varLib.instancer"):
        from weasyprint import HTML
        from weasyprint.formatting_structure import boxes
        from weasyprint.pdf import pydyf
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher, URLFetcherResponse
except OSError as error:
    raise make_problem(
        "system-library",
        f"a system library that sets pages cannot be loaded: {error}",
        None,
        "`brief doctor` says what is missing and how to get it",
    ) from None

__all__ = [
    "HTML",
    "TOUCH",
    "FontConfiguration",
    "LayoutBox",
    "URLFetcher",
    "URLFetcherResponse",
    "boxes",
    "iterate_boxes",
    "measure_words",
    "pydyf",
]

LayoutBox: TypeAlias = Any
"""A box of weasyprint.formatting_structure.boxes, after layout."""


READ_IN: Final = 0.6
"""How much of an em above the baseline words are read in: small letters, and most of capitals."""
TOUCH: Final = 1.0
"""How many CSS pixels things may reach into each other: letters overhang a little."""


def measure_words(box: LayoutBox) -> tuple[float, float, float, float]:
    """Return where the words of a TextBox are read: left, top, right and bottom, in CSS pixels.

    They count from the page's top left corner.
    """
    base = box.position_y + box.baseline
    top = base - READ_IN * box.style["font_size"]
    return box.position_x, top, box.position_x + box.width, base


def iterate_boxes(laid: Any, kind: type) -> Iterator[tuple[int, LayoutBox]]:
    """Return the boxes of a kind on the pages of a weasyprint.document.Document.

    Each comes with the number of its page, from 1.
    """
    for number, page in enumerate(laid.pages, 1):
        for box in page._page_box.descendants():
            if isinstance(box, kind):
                yield number, box


# What has been imported stays: the collector need not walk through it while pages are set.
gc.freeze()
