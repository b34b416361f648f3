"""An article with everything that one can hold."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from tests.support.review_project import TEXTS, write_project

RICH = """\
---
title: "Rich: all there is"
date: 2024-02-29
language: en-GB
series: {name: Riches, note: "All of *it*, see [here](https://example.org)."}
authors:
  mo: {name: Mo Derator, bio: "Mo asks *plain* questions."}
topics: [One, Two]
experts:
  ann:
    name: Ann Archer
    roles: [archer, "bow maker, retired"]
    affiliation: Arch & Sons
    bio: |
      Ann shoots.

      - She hits.
      - She **misses**.
  bob: {name: Bob Baker}
about: >-
  About the house,
  over two lines.
credits: ["Picture: nobody"]
---

First words, with *stress*, **strong _and_ stressed** ones, a [**bold** link](https://example.org/?a=1&b=2),
and a line\\
broken.[^n]

[^n]: A note with a [link](https://example.org) and *stress*.

> A quotation of a paragraph.
>
> And another, with a list:
>
> - one
> - two
>
> > Another within.

# What *is* it? {#q1}

## ann

1. First things,
   over two lines.
2. Second things.

   Going on in the second.
   - Deeper.
     1. Deepest.
3. Third.

- One list
+ Another list

![a map of it](images/map.png "The map of it")

Signs: \\*not stressed\\*, a_b_c, 1. no list, # no heading, \\<b>, a & b, “quoted”, it's.

## bob

A turn.^[A note on the spot.]

## ann

Another turn, with 1,000 things — and – dashes… and a no-break space.

> A map:
>
> ![the map in a quotation](images/map.png "The map again")

- A map:

  ![the map in a list](images/map.png "And again")

## ann, bob

Together.

# And then? {#q2}

## ann {quotes=none}

Nothing.[^long]

[^long]: A note.

    With two paragraphs.

## bob {quotes=unclosed}

    Not code.
""".replace("    Not code.\n", "Unclosed.\n\nTo the end.\n")


def write_rich(folder: Path) -> Path:
    project = write_project(folder, {**TEXTS, "content/talk/article.md": RICH})
    (project / "content/talk/images").mkdir()
    Image.new("RGB", (60, 40)).save(project / "content/talk/images/map.png")
    summary = project / "content/talk/summary.yaml"
    text = summary.read_text("utf-8")
    for quote, new in (
        ("norms do too", "Second things"),
        ("on the day", "A turn"),
        ("words will come", "Nothing"),
    ):
        text = text.replace(quote, new)
    summary.write_text(text, "utf-8")
    return project
