"""What only a person can tell: questions with proposals, answered once and kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from pipeline.diagnostics import Location, make_problem

NAME: Final = "import.yaml"
"""The file beside article.md that keeps the answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question to the person who imports."""

    id: str
    """Stable: the same source asks under the same id."""
    text: str
    choices: tuple[str, ...]
    """What may be answered; empty when any words may."""
    proposal: str
    evidence: tuple[str, ...] = ()
    """Lines of the source that bear on it, as ``62: words``."""


@dataclass(slots=True)
class Decisions:
    """Answers that are known, and what is still open.

    ``ask`` puts a question to somebody who is there; without it a question stays open and the
    proposal is gone on with, so that one run finds everything there is to ask.
    """

    known: dict[str, str] = field(default_factory=dict)
    ask: Callable[[Query], str] | None = None
    accept: bool = False
    """Whether proposals are taken without asking."""
    queries: list[Query] = field(default_factory=list)
    open: list[Query] = field(default_factory=list)
    taken: list[Query] = field(default_factory=list)
    """Proposals that nobody confirmed."""

    def of(
        self,
        id: str,
        text: str,
        choices: Sequence[str],
        proposal: str,
        evidence: Sequence[str] = (),
    ) -> str:
        """Give the answer to a question: the known one, somebody's, or the proposal."""
        query = Query(
            id=id, text=text, choices=tuple(choices), proposal=proposal, evidence=tuple(evidence)
        )
        if id in self.known and (not choices or self.known[id] in choices):
            self._note(self.queries, query)
            return self.known[id]
        if self.ask and not self.accept:
            self.known[id] = self.ask(query)
            self._note(self.queries, query)
            return self.known[id]
        self._note(self.queries, query)
        self._note(self.taken if self.accept else self.open, query)
        return proposal

    @staticmethod
    def _note(queries: list[Query], query: Query) -> None:
        if all(query.id != other.id for other in queries):
            queries.append(query)


def read(text: str, name: str) -> dict[str, str]:
    """Read the answers of a file; raises Problems (``bad-answers``) where it is no such file."""
    try:
        held = yaml.safe_load(text) or {}
        entries = held.get("questions", [])
        return {
            str(entry["id"]): str(entry["answer"])
            for entry in entries
            if entry.get("answer") is not None
        }
    except (yaml.YAMLError, AttributeError, TypeError, KeyError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", -1) + 1
        raise make_problem(
            "bad-answers",
            f"`{name}` is not a file of answers as import writes it",
            Location(name, line),
            "take it away to be asked anew",
        ) from None


def written(decisions: Decisions) -> str:
    """Write questions and answers as a file that a person can answer in."""
    entries: list[Mapping[str, Any]] = [
        {
            "id": query.id,
            "question": query.text,
            **({"choices": list(query.choices)} if query.choices else {}),
            "proposal": query.proposal,
            **({"evidence": list(query.evidence)} if query.evidence else {}),
            "answer": decisions.known.get(query.id),
        }
        for query in decisions.queries
    ]
    dumped: str = yaml.safe_dump(
        {"questions": entries}, allow_unicode=True, sort_keys=False, width=100
    )
    return (
        "# What `brief import` could not tell from the source. Write an `answer` to each question,"
        " one\n"
        "# of the choices where there are some, and run the import again: it asks nothing twice.\n"
        + dumped
    )
