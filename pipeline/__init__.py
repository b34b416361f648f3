"""`brief`: one roundtable article, many printed briefs."""

__version__ = "0.1.0"
