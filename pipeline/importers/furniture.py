"""What a page has beside the article: headings for links, buttons, captions, credits, notes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from pipeline.importers.blocks import Block, Kind
from pipeline.importers.words import any_of


@dataclass(frozen=True, slots=True)
class Furniture:
    """Why a block is no part of the article's words."""

    reason: str
    use: str = "skipped"
    """``skipped``, or the field that it goes to: ``related``, ``credits``, ``about``."""
    opens: bool = False
    """Whether what follows belongs to it: the links under “More from …:”."""
    always: bool = False
    """Whether it is one even where it reads as a sentence."""


_CREDIT: Final = Furniture("a credit", "credits")
_LINKS: Final = Furniture("interstitial: a heading for links", opens=True)
_LINK: Final = Furniture("interstitial: a link to another text")
_PAGE: Final = Furniture("a part of the page, not of the article")
_PAGE_ALWAYS: Final = Furniture("a part of the page, not of the article", always=True)


def _known(what: Furniture, *lines: str, then: str = "") -> tuple[re.Pattern[str], Furniture]:
    return re.compile(any_of(*lines) + then, re.IGNORECASE), what


_KNOWN: Final = (
    _known(Furniture("related experts", "related"), r"related experts?\s*:"),
    _known(
        _CREDIT,
        r"(?:cover |header |feature[d]? |lead |top )?"
        r"(?:image|photo|picture|illustration|graphic|artwork)(?: credit| by|graph)?s?\s*:",
    ),
    _known(_CREDIT, r"(?:photo|image|picture|illustration)s? (?:by|courtesy of)\b"),
    _known(_CREDIT, r"credits?\s*:"),
    _known(
        _PAGE_ALWAYS,
        r".{0,60}\b(?:write to|e-?mail us|contact us)\b.{0,20}\S+@\S+.{0,20}$",
    ),
    _known(
        Furniture("a part of the page"),
        r"listen on\b.{0,60}",
        r"summary keywords$",
        r"join .{0,30} on facebook.*",
    ),
    _known(Furniture("an image’s words"), r"(?:headshot|portrait) (?:of|by)\b.{0,60}$"),
    _known(
        _CREDIT,
        r"(?:words|text) by .{2,40}\. (?:photo(?:graph)?s|pictures|illustrations?) (?:by )?.*",
    ),
    _known(Furniture("an e-mail’s head"), r"(?:from|sent|to|cc|bcc|subject|reply-to)\s?:\s.*"),
    _known(Furniture("a line"), r"[_=*–—-]{3,}$"),
    _known(
        _LINKS,
        r"(?:more|also|more like this|other stories) (?:from|on|by|in)\b.{0,80}",
        r"(?:related|further)"
        r"(?: (?:articles?|content|reading|stories|links|posts|publications|topics))?",
        then=":?$",
    ),
    _known(
        _LINKS,
        r"you (?:may|might) also (?:like|be interested in)",
        r"recommended(?: reading)?|most (?:read|popular)|trending|what to read next",
        r"keep reading|see also|in this series",
        then=r"\b.{0,40}:?$",
    ),
    _known(
        _LINK,
        r"read (?:more|also|next|the (?:full|rest))|read\s*:|listen\s*:|watch\s*:|listen to",
        r"learn more|find out more|see (?:more|all)|view all|click here",
        r"lesen sie|weiterlesen",
        r"lire aussi|à lire",
        r"lea también|leer más",
        then=r"\b.*",
    ),
    _known(
        _PAGE,
        r"subscribe|sign up|join our|newsletter|get (?:our|the) .{0,40}(?:newsletter|inbox)",
        r"donate|support our|follow us|share(?: this| on)?|tweet|print(?: this)?",
        r"e-?mail(?: this)?$|download(?:s| pdf| the)?|available downloads|copy link",
        r"facebook|twitter|linkedin|whatsapp|leave a reply",
        r"advertisement|sponsored|cookie|accept (?:all )?cookies|skip to",
        r"back to top|menu|search|log ?in|sign ?in|home",
        r"no picture|no image|image|picture|table of contents|listen to this article",
        r"\d+\s*(?:min(?:ute)?s?(?: read)?|shares?|comments?)",
        r"anzeige|direkt zum inhalt|zum (?:haupt)?inhalt|merken|teilen|lesezeit",
        r"publicité|temps de lecture|partager|réservé aux|aller au contenu",
        r"publicidad|compartir",
        then=r"\b.{0,60}",
    ),
    _known(_PAGE_ALWAYS, r".{0,60}\b(?:subscribe|sign up|newsletter)\b.{0,120}"),
    _known(
        Furniture("comments of readers", opens=True),
        r"(?:\d+\s)?comments?(?: \(\d+\))?$",
        r"(?:leave|post|add) a comment.*",
        r"join the (?:conversation|discussion).*",
    ),
    _known(
        Furniture("a mark at the end"),
        r"[(\[]?(?:end(?: of transcript)?|ends|ende|fin|music|###|\* \* \*)[)\]]?\.?$",
    ),
    _known(_PAGE, r"(?:all rights reserved|©|\(c\)|copyright).*"),
)
"""What is known, the plainest first: the beginning of a block, in any case."""
_MOST_WORDS: Final = 25
"""What is longer is prose, however it begins."""

ABOUT: Final = re.compile(
    any_of(
        r"about (?:the|us|our|this)\b.{0,60}",
        r"(?:the )?(?:contributors|biographies|experts|authors|panel(?:l?ists)?|participants)",
        r"zu den personen|über (?:die|den|uns)\b.{0,40}",
        r"à propos\b.{0,40}",
        r"sobre\b.{0,40}",
    )
    + "$",
    re.IGNORECASE,
)
"""A heading over what the publisher says of itself, its series or the author."""
ABOUT_THEM: Final = re.compile(
    any_of(
        r"about (?:the|our) \w+",
        r"panel(?:l?ists)?|contributors|participants|speakers",
        r"the (?:panel|contributors|experts)",
    )
    + r"\s?[.:]\s(?=\S)",
    re.IGNORECASE,
)
"""The beginning of a paragraph of notes on several persons."""


def furniture(block: Block) -> Furniture | None:
    """Tell what part of a page a block is, if it is a known one."""
    if block.kind in (Kind.NOTE, Kind.IMAGE):
        return None
    text = block.text
    for pattern, what in _KNOWN:
        if pattern.match(text):
            short = len(text.split()) <= _MOST_WORDS if what.always else _is_short(text)
            if short or what.use != "skipped":
                return what
    return None


def _is_short(text: str) -> bool:
    words = text.split()
    if len(words) > _MOST_WORDS:
        return False
    # “Share the burden.” and “Print was the first of them” are sentences of somebody.
    is_sentence = len(words) > 4 and text.rstrip('”"’»').endswith((".", "!", "?"))
    return not is_sentence or ":" in text[:40]


def is_link_line(block: Block) -> bool:
    """Tell whether a block may be one of the links under a heading for links."""
    words = block.text.split()
    is_sentence = len(words) > 12 and block.text.endswith((".", "!", "”", '"'))
    return len(words) <= _MOST_WORDS and not is_sentence
