"""The words that tell names and positions from other words, a language a line.

Words are written small, without a full stop. Extend a list by a word or by a line.
"""

from __future__ import annotations

from typing import Final


def any_of(*lines: str) -> str:
    """Make one pattern of alternatives, a line or several on one with ``|`` between them."""
    return f"(?:{'|'.join(lines)})"


def listed(*lines: str) -> frozenset[str]:
    """Make a set of the words of some lines."""
    return frozenset(" ".join(lines).split())


PARTICLES: Final = listed(
    "van von der den de del della di da dos du la le al el",
    "bin ibn ben ter ten af av zu zur y",
)
"""Small words inside of a name."""
HONORIFICS: Final = listed(
    "mr mrs ms mx miss dr drs prof professor sir dame lord lady",
    "ambassador amb sen senator rep hon judge justice minister rev reverend",
    "gen general col colonel capt captain adm admiral lt maj major",
    "chairman chairwoman councillor commissioner mayor",
    "herr herrn frau",
    "don doña dra sra sr. señor señora",
    "mme monsieur madame mlle",
)
"""Titles before a name."""
SUFFIXES: Final = listed(
    "jr sr ii iii iv",
    "phd md mse msc ma mba jd esq",
    "obe cbe mp mep frs",
)
"""What stands behind a name and belongs to it: generations, degrees, orders."""
ROLES: Final = tuple(
    " ".join(
        [
            "president vice professor postdoc postdoctoral director deputy senior junior fellow",
            "affiliate researcher research chair chairman chairwoman chief head founder co-founder",
            "cofounder editor partner minister ambassador secretary analyst associate assistant",
            "scholar lecturer engineer warden manager adviser advisor counsel coordinator",
            "executive visiting former retired non-resident nonresident managing member policy",
            "lead author journalist correspondent ceo cto coo principal program programme",
            "distinguished adjunct emeritus general curator architect economist historian lawyer",
            "scientist specialist strategist consultant",
        ]
    ).split()
)
"""Words that a position begins with; they count where something else says that one is there."""
NO_NAME: Final = listed(
    "the a an this that these those my our your his her their its",
    "what who why how when where which if in on at of to for from by with about into as",
    "and or but not no yes is are was were do does did can could should would will may might must",
    "i we you he she it they there here now then also however moreover",
    "first second third finally one two three four five six seven eight nine ten all",
    "north south east west new",
    "question answer note editor image photo picture source sources related more read see update",
    "correction tags topics published date panel interview discussion roundtable expert experts",
    "transcript introduction conclusion summary abstract background contents overview",
    "part chapter section",
    "january february march april may june july august september october november december",
    "monday tuesday wednesday thursday friday saturday sunday today",
    "der die das ein eine und oder wer was wie warum frage antwort",
    "le la les un une des et qui que",
    "el los las una quién qué cómo por pregunta respuesta",
)
"""Words that no name begins with."""
BETWEEN: Final = listed("the of and for with by in on at to or from is are")
"""Words that stand in no name, in capitals either."""
TELLING: Final = any_of(
    "is|are|was|were|has|serves?|served|works?|leads?|directs?|teaches|heads?|writes|joined",
    "founded|holds?|chairs?|runs?|studies|covers|edits|advises|specialises|specializes",
    "currently|now",
    "ist|war|lehrt|arbeitet|leitet|forscht|schreibt",
    "est|dirige|enseigne|travaille",
    "es|trabaja|enseña",
)
"""A pattern of the words behind a name where somebody is told of."""
NUMBERS: Final = {
    word: number
    for number, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve".split(), 1
    )
}
"""Numbers that are written as words."""
MONTHS: Final = {
    name: number
    for number, forms in enumerate(
        (
            "january jan januar janvier enero gennaio",
            "february feb februar février febrero febbraio",
            "march mar märz mars marzo",
            "april apr avril abril aprile",
            "may mai mayo maggio",
            "june jun juni juin junio giugno",
            "july jul juli juillet julio luglio",
            "august aug août agosto",
            "september sep sept septembre septiembre settembre",
            "october oct oktober okt octobre octubre ottobre",
            "november nov novembre noviembre",
            "december dec dezember dez décembre diciembre dicembre",
        ),
        1,
    )
    for name in forms.split()
}
"""The number of a month by its names."""
