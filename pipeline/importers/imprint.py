"""What a page says of itself outside its text: in its head, and in its linked data (JSON-LD)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from pipeline.importers.dates import date_in

_DATES: Final = (
    "article:published_time",
    "date",
    "dc.date",
    "dcterms.created",
    "datepublished",
    "pubdate",
)
_SITE: Final = re.compile(r"\s+[|–—·»:-]\s+\S.{0,80}")
"""What follows an article's title in the title of its page."""
_TIME: Final = re.compile(r"(?<=\d)T\d.*")
"""The time of a date and time (ISO 8601)."""


def imprint(root: Any) -> Iterator[tuple[str, str]]:
    """Give what a page says of itself, as ``Reading.meta`` holds it."""
    named = _named(root)
    data = list(_linked_data(root))
    if title := _title(root, named, data):
        yield "title", title
    if date := _date(root, named, data):
        yield "date", date
    authors = [a for a in named.get("author", []) if "/" not in a] or list(_authors(data))
    yield from (("author", author) for author in dict.fromkeys(authors))
    if language := root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang"):
        yield "language", language
    canonical = [e.get("href", "") for e in root.iter("link") if e.get("rel") == "canonical"]
    address = next(iter([*canonical, *named.get("og:url", [])]), "")
    if re.match(r"https?://\S+$", address):
        yield "address", address
    yield from (("topic", topic) for topic in dict.fromkeys(_topics(named, data)) if topic)


def _named(root: Any) -> dict[str, list[str]]:
    named: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        keys = (element.get(name) for name in ("property", "name", "itemprop"))
        key = next((key for key in keys if key), "").lower()
        if key and (content := " ".join(element.get("content", "").split())):
            named.setdefault(key, []).append(content)
    return named


def _title(root: Any, named: dict[str, list[str]], data: Iterable[dict[str, Any]]) -> str:
    """Give the title without the site's name, where another title shows that it is one."""
    headings = [" ".join(h.text_content().split()) for h in root.iter("h1")]
    shown = [" ".join(t.text_content().split()) for t in root.iter("title")]
    given = [*named.get("og:title", []), *named.get("twitter:title", []), *_of(data, "headline")]
    titles = [title for title in (*given, *headings, *shown) if title]
    for other in titles[1:]:
        if titles[0].startswith(other) and _SITE.fullmatch(titles[0][len(other) :]):
            return other
    return next(iter(titles), "")


def _date(root: Any, named: dict[str, list[str]], data: Iterable[dict[str, Any]]) -> str:
    """Give the first date that is one, the article's own before those of links to others."""
    times = [time for part in root.iter("article", "main") for time in part.iter("time")]
    said = [date for key in _DATES for date in named.get(key, [])]
    said += _of(data, "datePublished")
    said += [time.get("datetime", "") for time in (*times, *root.iter("time"))]
    return next((found for date in said if (found := date_in(_TIME.sub("", date))[0])), "")


def _topics(named: dict[str, list[str]], data: Iterable[dict[str, Any]]) -> list[str]:
    if tags := named.get("article:tag"):
        return tags
    keywords: list[str] = []
    for item in data:
        held = item.get("keywords")
        keywords += [
            word for word in (held if isinstance(held, list) else [held]) if isinstance(word, str)
        ]
    keywords = keywords or named.get("keywords", []) or named.get("news_keywords", [])
    return [" ".join(word.split()) for words in keywords for word in words.split(",")]


def _linked_data(root: Any) -> Iterator[dict[str, Any]]:
    for script in root.iter("script"):
        if script.get("type") != "application/ld+json":
            continue
        try:
            held = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        for item in held if isinstance(held, list) else [held]:
            if isinstance(item, dict):
                graph = item.get("@graph")
                yield from (
                    (g for g in graph if isinstance(g, dict)) if isinstance(graph, list) else [item]
                )


def _of(data: Iterable[dict[str, Any]], key: str) -> list[str]:
    return [" ".join(item[key].split()) for item in data if isinstance(item.get(key), str)]


def _authors(data: Iterable[dict[str, Any]]) -> Iterator[str]:
    for item in data:
        held = item.get("author")
        for author in held if isinstance(held, list) else [held]:
            name = author.get("name") if isinstance(author, dict) else author
            if isinstance(name, str) and "/" not in name:
                yield name
