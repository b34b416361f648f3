"""What can be chosen of a brief, by the names that people type and that files have."""

from __future__ import annotations

from typing import Literal, TypeAlias

Split: TypeAlias = Literal["question", "expert"]
Format: TypeAlias = Literal["pdf", "docx", "html", "tree"]
Profile: TypeAlias = Literal["screen", "print", "booklet", "archive"]
"""What a PDF is for."""
Paper: TypeAlias = Literal["a4", "letter", "a5"]
