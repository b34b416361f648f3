"""Why an element of a page is no part of the article, if it says so itself."""

from __future__ import annotations

import re
from typing import Any, Final

_ROLES: Final = {
    "nav": "navigation",
    "footer": "the page’s foot",
    "aside": "beside the article",
    "form": "a form",
    "button": "a button",
    "dialog": "a notice",
    "select": "a form",
    "textarea": "a form",
    "navigation": "navigation",
    "complementary": "beside the article",
    "search": "a form",
    "banner": "the page’s head",
    "contentinfo": "the page’s foot",
    "figcaption": "an image’s caption",
}
_NAMED: Final = re.compile(
    r"(?:^|[\s_-])(?P<what>cookie|consent|newsletter|subscribe|signup|share|social|sharing|related"
    r"|recommend|comments?|breadcrumbs?|sidebar|promo|advert(?:isement)?|ad-slot|banner|popup|modal"
    r"|paywall|toolbar|tools|pagination|masthead|topbar|navbar|menu|header|head|footer|foot|colophon"
    r"|caption|wp-caption-text|credit)(?:$|[\s_-])",
    re.IGNORECASE,
)
_REASONS: Final = {
    "cookie": "a notice",
    "consent": "a notice",
    "related": "links to other texts",
    "recommend": "links to other texts",
    "caption": "an image’s caption",
    "wp-caption-text": "an image’s caption",
    "credit": "an image’s credit",
    "comment": "comments",
    "comments": "comments",
}
_ALL_AROUND: Final = frozenset(("hidden", "a form", "a notice", "the page’s head"))
"""What can be said of an element that holds the whole page: then it says nothing."""
_IN_LINE: Final = frozenset(("button", "select", "textarea"))
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_UNSEEN: Final = re.compile(r"\b(?:sr-only|screen-reader-text|visually-?hidden)\b", re.IGNORECASE)
_MOST_WORDS: Final = 200
"""What is only named like a part of a page has fewer words than this."""


def apart(element: Any, size: int) -> str:
    """Give the reason, or nothing; ``size`` is the number of characters of the page's text."""
    reason = _said(element)
    if reason in _ALL_AROUND and len(element.text_content()) > size / 2:
        return ""
    return reason


def apart_in_line(element: Any) -> str:
    """Give the reason why words in the middle of a line are no part of it, or nothing."""
    if element.tag in _IN_LINE:
        return _ROLES[element.tag]
    return "hidden" if _is_hidden(element) or _UNSEEN.search(element.get("class", "")) else ""


def _said(element: Any) -> str:
    if element.tag in ("body", "html", "article", "main"):
        return ""
    if _is_hidden(element):
        return "hidden"
    if element.tag == "footer" and next(element.iterancestors("blockquote"), None) is not None:
        return ""  # who is quoted
    for name in (element.tag, element.get("role", "")):
        if name in _ROLES:
            return _ROLES[name]
    named = f"{element.get('class', '')} {element.get('id', '')}"
    if (match := _NAMED.search(named)) and not element.xpath("descendant-or-self::h1"):
        what = match["what"].lower()
        if len(element.text_content().split()) < _MOST_WORDS or what.startswith("comment"):
            return _REASONS.get(what, "a part of the page, not of the article")
    return ""


def _is_hidden(element: Any) -> bool:
    return (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or bool(_HIDDEN.search(element.get("style", "")))
    )
