"""A project in which each word stands once, so that it is plain which of them a brief prints."""

from __future__ import annotations

from pathlib import Path

HOUSE = """\
name: Xhouse
unit: Xunit
address: Xaddress
website: https://words.example
licence: Xlicence
disclaimer: Xdisclaimer
contacts: [{name: Xdeska, email: xmaila@words.example}, {name: Xdeskb, email: xmailb@words.example}]
"""
ARTICLE = """\
---
title: Xtitle
series: {name: Xseries, note: Xseriesnote}
date: 2024-05-06
language: en-GB
authors:
  mod: {name: Xmoda, bio: Xbiom}
  aut: {name: Xauthorb, bio: Xbion}
topics: [Xtopica, Xtopicb]
experts:
  ann: {name: Xnamea, descriptor: Xdesca, affiliation: Xaffila, bio: Xbioa}
  bob: {name: Xnameb, descriptor: Xdescb, affiliation: Xaffilb, bio: Xbiob}
  cid: {name: Xnamec, descriptor: Xdescc, affiliation: Xaffilc, bio: Xbioc}
about: Xabout
related: [Xrelateda, Xrelatedb]
credits: [Xcredita, Xcreditb]
---

Xintroa.[^i]

[^i]: Xintronote.

Xintrob.

# Xquestiona? {#q1}

## mod

Xturna.[^t]

[^t]: Xturnnote.

## ann

Xanswera spoken *Xstressa* on.

- Xitema
- Xitemb

## mod

Xturnb.

## bob

Xanswerb spoken.[^n]

[^n]: Xnote.

## mod

Xturnc.

## ann

Xanswerc.

## mod

Xturnd.

# Xquestionb? {#q2}

## ann, bob

Xanswerd spoken.

## cid

Xanswere spoken.
"""
SUMMARY = """\
standfirst: Xstandfirst
bottom_line: {text: Xbottom, evidence: [{answer: q1.ann, quote: Xanswera}]}
takeaways:
  - {text: Xtakeawaya, evidence: [{answer: q1.ann, quote: Xanswera spoken}]}
  - {text: Xtakeawayb, evidence: [{answer: q1.bob, quote: Xanswerb spoken}]}
  - {text: Xtakeawayc, evidence: [{answer: q2.cid, quote: Xanswere spoken}]}
question_labels: {q1: Xlabela, q2: Xlabelb}
positions:
  q1:
    ann: {text: Xpositiona, quote: Xanswera}
    bob: {text: Xpositionb, quote: Xanswerb}
  q2:
    cid: {text: Xpositionc, quote: Xanswere}
agreements:
  - {text: Xagreea, evidence: [{answer: q1.ann, quote: Xanswera}]}
  - {text: Xagreeb, evidence: [{answer: q1.bob, quote: Xanswerb}]}
differences:
  - {text: Xdiffera, evidence: [{answer: q1.ann, quote: Xanswera}]}
  - {text: Xdifferb, evidence: [{answer: q1.bob, quote: Xanswerb}]}
options:
  - {text: Xoptiona, evidence: [{answer: q1.ann, quote: Xanswera}]}
  - {text: Xoptionb, evidence: [{answer: q1.bob, quote: Xanswerb}]}
glossary:
  - {term: Xterma, definition: Xmeaninga, evidence: [{answer: q1.ann, quote: Xanswera}]}
  - {term: Xtermb, definition: Xmeaningb}
pull_quotes:
  - {answer: q1.ann, quote: Xanswera spoken}
  - {answer: q2.cid, quote: Xanswere spoken}
"""
SAID = {
    "introduction": ("Xintroa", "Xintronote", "Xintrob"),
    "questions": ("Xquestiona", "Xquestionb"),
    "answers": (
        *("Xanswera", "Xstressa", "Xitema", "Xitemb", "Xanswerb", "Xnote", "Xanswerc"),
        *("Xanswerd", "Xanswere"),
    ),
    "turns": ("Xturna", "Xturnnote", "Xturnb", "Xturnc", "Xturnd"),
}
"""What people said, by what ``leaves_out`` calls it."""
LISTS = (
    ("Xdeska", "xmaila", "Xdeskb", "xmailb"),
    ("Xtopica", "Xtopicb"),
    ("Xbiom", "Xbion"),
    ("Xbioa", "Xbiob", "Xbioc"),
    ("Xnamea", "Xnameb", "Xnamec"),
    ("Xdesca", "Xdescb", "Xdescc"),
    ("Xrelateda", "Xrelatedb"),
    ("Xcredita", "Xcreditb"),
    ("Xtakeawaya", "Xtakeawayb", "Xtakeawayc"),
    ("Xpositiona", "Xpositionb", "Xpositionc"),
    ("Xagreea", "Xagreeb"),
    ("Xdiffera", "Xdifferb"),
    ("Xoptiona", "Xoptionb"),
    ("Xterma", "Xmeaninga", "Xtermb", "Xmeaningb"),
)
"""What is printed whole where some of it is printed."""


def write_worded_project(folder: Path) -> Path:
    """Write the project, with no templates; return its folder."""
    article = folder / "content" / "talk"
    article.mkdir(parents=True)
    (folder / "content" / "house.yaml").write_text(HOUSE, "utf-8")
    (article / "article.md").write_text(ARTICLE, "utf-8")
    (article / "summary.yaml").write_text(SUMMARY, "utf-8")
    return folder
