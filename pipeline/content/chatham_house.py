"""An article under the Chatham House Rule: what was said, without who said it.

A step from the model to the model, before any template sees it: experts become Expert A, B, C,
in the article's order and under the ids a, b, c; what stands behind their names is left out, and
so is what leads to the published text. Where running words still hold a name or an institution,
they are withheld, in answers and in quotes of them alike, and each place is told to the editor.
Pictures keep nothing but what is seen: cameras and agencies note names in them.

Names are found as words that begin with a capital. The publisher's own name is no secret, nor
are the authors': they asked, and answer for the text.
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from pipeline.content.model import Answer, Article, Content, Evidence, Expert, House
from pipeline.content.quotes import Ledger
from pipeline.diagnostics import Findings, Location, problem
from pipeline.document import images
from pipeline.document.tree import (
    Address,
    Document,
    Figure,
    Image,
    Link,
    Text,
    to_json,
    walk,
    words,
)
from pipeline.project.layout import CHATHAM_HOUSE
from pipeline.records import Sourced

NAME: Final = "[name withheld]"
INSTITUTION: Final = "[institution withheld]"
LEAST_LETTERS: Final = 4
"""Of a name that is looked for inside addresses, such as https://example.org/aciglic, and with an
s at its end, as in German: Ciglics."""
LEAST_INSIDE: Final = 6
"""Of one that is looked for inside ids, names of files and words: shorter ones stand in others."""

_TITLES: Final = frozenset(
    {"amb", "ambassador", "dame", "dr", "jr", "lord", "mr", "mrs", "ms", "prof", "professor"}
    | {"sir", "sr"}
)
_ROLES: Final = frozenset(
    {"adviser", "advisor", "affiliate", "ambassador", "analyst", "associate", "chair", "counsel"}
    | {"coordinator", "dean", "deputy", "director", "editor", "executive", "expert", "fellow"}
    | {"former", "founder", "head", "lecturer", "manager", "member", "minister", "officer"}
    | {"partner", "president", "principal", "professor", "researcher", "scholar", "secretary"}
    | {"senior", "senator", "the", "vice", "visiting"}
)
"""Words that a position begins with, and that name no institution by themselves."""
_KINDS: Final = frozenset(
    {"corporation", "foundation", "gmbh", "inc", "institute", "llc", "ltd", "university"}
)
"""Words that end an institution's name, and are left out when it is spoken of."""
_FIXED: Final = re.compile(r"content/|house\.yaml|article\.md|summary\.yaml")
"""What files are called whoever speaks."""
_ADDRESS: Final = re.compile(r"[\w.+/:~-]*(?:@|://|\bwww\.)[\w./@~?=&%#-]*\w")
"""A web or mail address, or a handle, in running words."""
_CAPITALISED: Final = r"[A-ZÀ-ÖØ-Þ][\w’'.&-]*"
_RUN: Final = re.compile(
    rf"{_CAPITALISED}(?: (?:(?:of|the|for|and|on|in|de|la|du|des|&) )*(?:{_CAPITALISED}|\d+))*"
)
"""A name in a position: words with capitals, and small words between them."""


def anonymised(content: Content) -> Content:
    """Give an article without the names of those who answer.

    What was withheld in running words is among the warnings. Raises Problems:
    ``name-in-id`` where the article's or a question's id holds a name, ``quote-not-verbatim``
    where a quote begins or ends within a name.
    """
    return _Step(content).content()


def check(document: Document, ledger: bytes, files: Iterable[str], content: Content) -> None:
    """Raise Problems (``name-left``) when what is withheld still stands somewhere.

    Looks through a brief's words and ids, its quote ledger, and the names of ``files``.
    """
    withheld = _Names(dict.fromkeys(content.withheld, ""))
    texts = (to_json(document), words(document.children), ledger.decode())
    found = [match for text in texts for match in withheld.found(_visible(text))]
    nodes = list(walk(document))
    hrefs = [node.href for node in nodes if isinstance(node, Link)]
    found += [href for href in hrefs if withheld.inside(href, LEAST_LETTERS)]
    ids = [getattr(node, name, "") for node in nodes for name in ("id", "target", "image")]
    ids += [_FIXED.sub("", file) for file in files]
    found += [name for name in ids if withheld.inside(name, LEAST_INSIDE)]
    if found:
        raise problem(
            "name-left",
            f"“{found[0]}” tells who spoke, and still stands in this brief",
            None,
            "look for it in the template, in emphasis within a name, or in the name of a file",
        )


def _visible(text: str) -> str:
    """Take out what nobody sees: joiners within words."""
    return re.sub("[\u200c\u200d\u2060]", "", text)


# --- what is looked for -------------------------------------------------------------------


class _Names:
    """Words to withhold, each with what stands in its place."""

    def __init__(self, instead: Mapping[str, str]) -> None:
        self.instead = {_plain(name): word for name, word in instead.items()}
        longest_first = sorted(instead, key=len, reverse=True)
        either = "|".join(map(_spelled, longest_first)) or "(?!)"
        self.pattern = re.compile(rf"(?<![\w\u0300-\u036f])(?:{either})(?![\w\u0300-\u036f])")
        self.squeezed = frozenset(filter(None, (_squeezed(name) for name in instead)))

    def found(self, text: str) -> list[str]:
        return [match.group() for match in self.pattern.finditer(text)]

    def word(self, found: str) -> str:
        """Give what stands instead of a name that was found."""
        name = _plain(found)
        return self.instead[name if name in self.instead else name.removesuffix("s")]

    def compounds(self, text: str) -> list[str]:
        """Give the words that hold a name and more, such as a hashtag."""
        long = [each for each in self.squeezed if len(each) >= LEAST_INSIDE]
        return [
            word
            for word in re.findall(r"[\w\u0300-\u036f]{6,}", text)
            if any(each in _squeezed(word) != each for each in long)
        ]

    def inside(self, name: str, least: int) -> bool:
        """Tell whether an id, an address or a file's name holds one, in any case.

        One of ``least`` letters is found inside other words as well.
        """
        parts = {_squeezed(part) for part in re.split(r"[\W_]+", name)}
        whole = _squeezed(name)
        return any(
            each in parts or (len(each) >= least and each in whole) for each in self.squeezed
        )


def _spelled(name: str) -> str:
    """Write a pattern for a name: in capitals or not, with its accents or without."""
    spelled = r"[\s‐‑-]+".join(
        "(?:" + "|".join(sorted(map(_word, _spellings(word)), reverse=True)) + ")"
        for word in re.split(r"[\s‐‑-]+", name)
    )
    return f"{spelled}[sS]?" if len(name) >= LEAST_LETTERS else spelled


def _word(spelling: str) -> str:
    return re.escape(spelling).replace("'", "['’ʼ]").replace("’", "['’ʼ]")


def _spellings(word: str) -> set[str]:
    forms = {unicodedata.normalize(form, word) for form in ("NFC", "NFD")} | {_bare(word)}
    return {*forms, *(form.upper() for form in forms)}


def _bare(text: str) -> str:
    """Write letters without their accents."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _plain(name: str) -> str:
    """Write a name as it is looked up: whatever its case, accents, spaces and hyphens."""
    return re.sub(r"[\s‐‑-]+", " ", _bare(name).replace("’", "'").replace("ʼ", "'")).casefold()


def _squeezed(name: str) -> str:
    return "".join(filter(str.isalnum, _bare(name).casefold()))


def _of_experts(experts: Iterable[tuple[Expert, str]]) -> dict[str, str]:
    """Give what experts are called, with what stands instead.

    A full name and a surname become the expert's letter; a given name by itself, or what two
    share, is withheld.
    """
    instead: dict[str, str] = {}
    for expert, called in experts:
        name = expert.name.split(",")[0].split()
        tokens = [token for token in name if not _is_title(token)] or name
        ends = {tokens[0], tokens[-1]}
        proper = [token for token in tokens if token in ends or not token.islower()]
        parts = [part for token in proper for part in re.split("[‐‑-]", token)]
        family = " ".join(tokens[1:])  # with what stands before a surname, such as van der
        own = {
            " ".join(tokens),
            f"{tokens[0]} {tokens[-1]}",
            f"{tokens[0][0]}. {tokens[-1]}",
            family,
            family[:1].upper() + family[1:],
        }
        own.add(tokens[-1])
        found = dict.fromkeys(parts, NAME) | dict.fromkeys(own, called)
        for each, word in found.items():
            if _is_name(each):
                instead[each] = word if instead.get(each, word) == word else NAME
    return instead


def _is_title(token: str) -> bool:
    return token.rstrip(".").lower() in _TITLES


def _is_name(part: str) -> bool:
    return len(part) > 1 and not part.endswith(".")


def _institutions(expert: Expert) -> Iterator[str]:
    """Give the institutions that an expert's position names, as they may be spoken of."""
    for written in (expert.affiliation, expert.descriptor, *expert.roles):
        for segment in re.split(r"[;,()/|]", written):
            for run in _RUN.findall(segment.strip()):
                yield from _called(run)


def _called(institution: str) -> Iterator[str]:
    """Give an institution's name without its article, and without its kind."""
    parts = institution.removeprefix("The ").split()
    if len(parts) > 1 or _is_telling(parts[0]):
        yield " ".join(parts)
    *rest, kind = parts
    is_known_by_it = len(rest) > 1 or kind == "University" or "".join(rest).isupper()
    if rest and kind.lower().rstrip(".") in _KINDS and is_known_by_it:
        yield " ".join(rest)


def _is_telling(word: str) -> bool:
    return len(word) > 2 and word.lower() not in _ROLES


# --- the step -----------------------------------------------------------------------------


class _Step:
    """One article on its way to an article without names."""

    def __init__(self, content: Content) -> None:
        self.before = content
        self.findings = Findings()
        experts = content.article.experts
        self.ids = {expert.id: _letters(number) for number, expert in enumerate(experts)}
        self.experts = {e.id: self._expert(e) for e in experts}
        own = {_plain(name) for name in (content.house.name, content.house.unit)}
        found = {name for expert in experts for name in _institutions(expert)}
        names = _of_experts((expert, self.experts[expert.id].name) for expert in experts)
        self.full = {_plain(expert.name) for expert in experts if " " in expert.name}
        instead = {name: INSTITUTION for name in sorted(found) if _plain(name) not in own} | names
        self.names = _Names(instead)
        self.withheld = tuple(sorted(instead))
        either = "|".join(map(re.escape, sorted(self.ids, key=len, reverse=True)))
        self._keys = re.compile(rf"(?<=[.+#])(?:{either})(?=[.+]|$)")

    def _expert(self, expert: Expert) -> Expert:
        letter = self.ids[expert.id]
        return Expert(
            id=letter,
            name=Sourced.at(f"Expert {letter.upper()}", f"article.md#experts.{letter}.name"),
        )

    def content(self) -> Content:
        content = self.before
        self._check_ids(content.article)
        article = self._article(content.article)
        house: House = self.value(content.house)
        summary = self.value(content.summary)
        places = {self.address(address): at for address, at in content.places.items()}
        ledger = Ledger(article, content.lines, places, self.findings)
        if summary:
            ledger.check_summary(summary)
        self.findings.stop_on_errors()
        return replace(
            content,
            article=article,
            house=house,
            summary=summary,
            images={name: images.bare(image) for name, image in content.images.items()},
            quotations=tuple(ledger.entries),
            places=places,
            warnings=(*content.warnings, *self.findings),
            withheld=self.withheld,
        )

    def _check_ids(self, article: Article) -> None:
        for what, name in (
            ("article", article.slug),
            *(("question", question.id) for question in article.questions),
        ):
            if self.names.inside(name, LEAST_INSIDE):
                self.findings.error(
                    "name-in-id",
                    f"the {what}'s id `{name}` holds a name that is to be withheld",
                    Location(f"content/{article.slug}/article.md"),
                    "files and links are called by it: give it another",
                )
        self.findings.stop_on_errors()

    def _article(self, article: Article) -> Article:
        shown = replace(article, experts=(), related=(), credits=(), notes=(), source=None)
        changed: Article = self._record(shown)
        return replace(
            changed,
            slug=f"{article.slug}-{CHATHAM_HOUSE}",
            experts=tuple(self.experts[expert.id] for expert in article.experts),
        )

    # --- values -----------------------------------------------------------------------------

    def value(self, value: Any) -> Any:
        """Give a value of the model, or a node, without names."""
        match value:
            case Sourced():
                return Sourced.at(self.words(value, value.address), self.address(value.address))
            case Text(text, source):
                return Text(self.words(text, source), source and self.address(source))
            case Figure():
                return self._captioned(value)
            case Expert() if value.id in self.experts:
                return self.experts[value.id]
            case Answer(address=address):
                return replace(self._record(value), address=self.address(address))
            case Evidence(answer=answer, quote=quote):
                return Evidence(answer=self.address(answer), quote=self.value(quote))
            case tuple():
                return tuple(made for part in value for made in self._parts(part))
            case Mapping():
                return {self.ids.get(key, key): self.value(held) for key, held in value.items()}
            case _ if dataclasses.is_dataclass(value) and not isinstance(value, Image):
                return self._record(value)
            case _:
                return value

    def _record(self, record: Any) -> Any:
        made = {f.name: self.value(getattr(record, f.name)) for f in dataclasses.fields(record)}
        return type(record)(**made)

    def _parts(self, part: Any) -> tuple[Any, ...]:
        """Give what becomes of a part: of a link that tells a name, its words."""
        match part:
            case Link(href, children) if self.names.inside(href, LEAST_LETTERS):
                self._tell(href, "an address is left out", None)
                return tuple(self.value(children))
            case Figure(image, alt, caption) if self.names.inside(
                image, LEAST_INSIDE
            ) or self.names.found(f"{alt} {words(caption)}"):
                self._tell(image, "a picture is left out", None)
                return ()
            case _:
                return (self.value(part),)

    def _captioned(self, figure: Figure) -> Figure:
        self._tell(figure.image, "a picture is shown, and what it shows cannot be read", None)
        return replace(figure, caption=self.value(figure.caption))

    def words(self, text: str, address: str | None) -> str:
        """Give words with names withheld; tell of each but an expert's own."""

        def withheld(match: re.Match[str]) -> str:
            word = self.names.word(match.group())
            is_article = (address or "").startswith("article.md#")
            is_full = _plain(match.group()) in self.full
            if word in (NAME, INSTITUTION) or (is_article and not is_full):
                self._tell(match.group(), f"“{word}” stands here instead", address)
            return word

        def without(match: re.Match[str]) -> str:
            if not self.names.inside(match.group(), LEAST_LETTERS):
                return match.group()
            self._tell(match.group(), f"“{NAME}” stands here instead", address)
            return NAME

        text = self.names.pattern.sub(withheld, _ADDRESS.sub(without, text))
        for word in self.names.compounds(text):
            self._tell(word, "this word holds a name, and is left as it is", address)
        return text

    def address(self, address: str) -> Address:
        """Give an address, or an answer's, with letters for experts' ids."""
        return Address(self._keys.sub(lambda match: self.ids[match.group()], address))

    def _tell(self, found: str, what: str, address: str | None) -> None:
        self.findings.warning(
            "withheld",
            f"“{found}”: {what}",
            self.before.places.get(Address(address or "")),
            "look whether the words still tell who spoke, and whether they can be read",
        )


def _letters(number: int) -> str:
    """Count in letters: a to z, then aa, ab and so on."""
    before, last = divmod(number, 26)
    return (_letters(before - 1) if before else "") + chr(ord("a") + last)
