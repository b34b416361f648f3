"""How files in out/ are called: one rule, which out/README.md shows to people.

``ID[.LANG]-TEMPLATE[-PART][.OPTION]….EXT``. ID is the article's published name; ``.LANG`` is kept
for translations. What a file says and who may read it is told by its options, and options stand
in a name only where they differ from the house's, in the order of ``list_option_words``. A new
one goes to its end: the order never changes, and what was written keeps its name.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any, Final, get_args

from pipeline.project.choices import Paper, Profile

_FOR_REVIEW, _WITH_NOTES = "for-review", "with-notes"
_TAKEN: Final = re.compile(
    "|".join([*get_args(Paper), *get_args(Profile), _FOR_REVIEW, _WITH_NOTES, "(?:tlp|marking)-.*"])
)
"""The words of other options: a Word template of such a name gets a hash behind it."""
_LONGEST_STEM: Final = 40


def name_brief(article: str, template: str, part: str) -> str:
    """Return the name that all files of a brief begin with."""
    return "-".join(filter(None, [article, template, part]))


def name_file(brief: str, options: Mapping[str, Any], extension: str) -> str:
    """Return a file's name; the options are those of its format, as a manifest has them."""
    return ".".join([brief, *list_option_words(options), extension])


def name_ledger(brief: str) -> str:
    """Return the name of the quote ledger, which no option changes."""
    return f"{brief}.quotes.json"


def list_option_words(options: Mapping[str, Any]) -> list[str]:
    """Return the words that options put into a name; no two sets of options have the same.

    How far a booklet's pages creep is in no name: it moves them, and they say the same.
    """
    reference = options.get("reference_docx")
    words = [
        options.get("paper", ""),
        options.get("profile", ""),
        _name_marking(options.get("marking", "")),
        _FOR_REVIEW if options.get("for_review") else "",
        _WITH_NOTES if options.get("with_notes") else "",
        _name_word_template(reference["file"]) if reference else "",
    ]
    return list(filter(None, words))


def _name_marking(marking: str) -> str:
    """Return the slug of a label of TLP 2.0; of free words, which may be any, a hash."""
    if marking.startswith("TLP:"):
        return re.sub(r"[^a-z]+", "-", marking.lower())
    return f"marking-{_hash(marking)}" if marking else ""


def _name_word_template(file: str) -> str:
    """Return the stem of a Word template's name, as it is where no other word could be meant."""
    stem = PurePath(file).stem
    slug = re.sub(r"[^A-Za-z0-9_]+", "-", stem).strip("-")[:_LONGEST_STEM]
    is_plain = slug == stem and not _TAKEN.fullmatch(stem.lower())
    return slug if is_plain else "-".join(filter(None, [slug, _hash(stem)]))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
