"""What a page has beside the article: headings for links, buttons, captions, credits, notes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from pipeline.importers.blocks import Block, Kind


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


_KNOWN: Final[tuple[tuple[str, Furniture], ...]] = (
    (r"related experts?\s*:", Furniture("related experts", "related")),
    (
        r"(?:cover |header |feature[d]? |lead |top )?(?:image|photo|picture|illustration|graphic|artwork)"
        r"(?: credit| by|graph)?s?\s*:",
        Furniture("a credit", "credits"),
    ),
    (
        r"(?:photo|image|picture|illustration)s? (?:by|courtesy of)\b",
        Furniture("a credit", "credits"),
    ),
    (r"credits?\s*:", Furniture("a credit", "credits")),
    (
        r".{0,60}\b(?:write to|e-?mail us|contact us)\b.{0,20}\S+@\S+.{0,20}$",
        Furniture("a part of the page, not of the article", always=True),
    ),
    (
        r"listen on\b.{0,60}|summary keywords$|join .{0,30} on facebook.*",
        Furniture("a part of the page"),
    ),
    (r"(?:headshot|portrait) (?:of|by)\b.{0,60}$", Furniture("an image’s words")),
    (
        r"(?:words|text) by .{2,40}\. (?:photo(?:graph)?s|pictures|illustrations?) (?:by )?.*",
        Furniture("a credit", "credits"),
    ),
    (r"(?:from|sent|to|cc|bcc|subject|reply-to)\s?:\s.*", Furniture("an e-mail’s head")),
    (r"[_=*–—-]{3,}$", Furniture("a line")),
    (
        r"(?:more|also|more like this|other stories) (?:from|on|by|in)\b.{0,80}:?$",
        Furniture("interstitial: a heading for links", opens=True),
    ),
    (
        r"(?:related|further)(?: (?:articles?|content|reading|stories|links|posts|publications|topics))?:?$",
        Furniture("interstitial: a heading for links", opens=True),
    ),
    (
        r"(?:you (?:may|might) also (?:like|be interested in)|recommended(?: reading)?|most (?:read|popular)"
        r"|trending|what to read next|keep reading|see also|in this series)\b.{0,40}:?$",
        Furniture("interstitial: a heading for links", opens=True),
    ),
    (
        r"(?:read (?:more|also|next|the (?:full|rest))|read\s*:|listen\s*:|watch\s*:|listen to|learn more|find out more"
        r"|see (?:more|all)|view all|click here|lesen sie|lire aussi|à lire|weiterlesen|lea también|leer más)\b.*",
        Furniture("interstitial: a link to another text"),
    ),
    (
        r"(?:subscribe|sign up|join our|newsletter|get (?:our|the) .{0,40}(?:newsletter|inbox)|donate|support our|"
        r"follow us|share(?: this| on)?|tweet|print(?: this)?|e-?mail(?: this)?$|download(?:s| pdf| the)?"
        r"|available downloads|copy link|facebook|twitter|linkedin|whatsapp|leave a reply"
        r"|advertisement|anzeige|publicité|publicidad|sponsored|cookie|accept (?:all )?cookies|skip to|"
        r"direkt zum inhalt|zum (?:haupt)?inhalt|merken|teilen|lesezeit|temps de lecture|compartir|partager|réservé aux"
        r"|aller au contenu|back to top|menu|search|log ?in|sign ?in|home|"
        r"no picture|no image|image|picture|table of contents|listen to this article|"
        r"\d+\s*(?:min(?:ute)?s?(?: read)?|shares?|comments?))\b.{0,60}",
        Furniture("a part of the page, not of the article"),
    ),
    (
        r".{0,60}\b(?:subscribe|sign up|newsletter)\b.{0,120}",
        Furniture("a part of the page, not of the article", always=True),
    ),
    (
        r"(?:\d+\s)?comments?(?: \(\d+\))?$|(?:leave|post|add) a comment.*|join the (?:conversation|discussion).*",
        Furniture("comments of readers", opens=True),
    ),
    (
        r"[(\[]?(?:end(?: of transcript)?|ends|ende|fin|music|###|\* \* \*)[)\]]?\.?$",
        Furniture("a mark at the end"),
    ),
    (
        r"(?:all rights reserved|©|\(c\)|copyright).*",
        Furniture("a part of the page, not of the article"),
    ),
)
_MOST_WORDS: Final = 25
"""What is longer is prose, however it begins."""

ABOUT: Final = re.compile(
    r"(?:about (?:the|us|our|this)\b.{0,60}|zu den personen|über (?:die|den|uns)\b.{0,40}|à propos\b.{0,40}"
    r"|(?:the )?(?:contributors|biographies|experts|authors|panel(?:l?ists)?|participants)|sobre\b.{0,40})$",
    re.IGNORECASE,
)
"""A heading over what the publisher says of itself, its series or the author."""


ABOUT_THEM: Final = re.compile(
    r"(?:about (?:the|our) \w+|panel(?:l?ists)?|contributors|participants|speakers|the (?:panel|contributors|experts))"
    r"\s?[.:]\s(?=\S)",
    re.IGNORECASE,
)
"""The beginning of a paragraph of notes on several persons."""


def furniture(block: Block) -> Furniture | None:
    """Tell what part of a page a block is, if it is a known one."""
    if block.kind in (Kind.NOTE, Kind.IMAGE):
        return None
    text = block.text
    for pattern, what in _KNOWN:
        if re.match(pattern, text, re.IGNORECASE):
            short = len(text.split()) <= _MOST_WORDS if what.always else _is_short(text)
            if short or what.use != "skipped":
                return what
    return None


def _is_short(text: str) -> bool:
    words = text.split()
    if len(words) > _MOST_WORDS:
        return False
    # “Share the burden.” and “Print was the first of them” are sentences of somebody.
    return (
        not (text.rstrip('”"’»').endswith((".", "!", "?")) and len(words) > 4) or ":" in text[:40]
    )


def is_link_line(block: Block) -> bool:
    """Tell whether a block may be one of the links under a heading for links."""
    text = block.text
    return len(text.split()) <= _MOST_WORDS and not (
        text.endswith((".", "!", "”", '"')) and len(text.split()) > 12
    )
