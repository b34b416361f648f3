"""`brief`: one roundtable article, many printed briefs.

A program uses it through ``Project``:

    from pipeline import Project

    Project(Path("our-briefs")).build(templates=("per-question",), formats=("pdf",))
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.api import Project

__version__ = "0.1.0"
__all__ = ["Project", "__version__"]


def __getattr__(name: str) -> object:
    """Import what is asked for (PEP 562): doctor runs before anything is installed."""
    if name == "Project":
        from pipeline.api import Project

        return Project
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
