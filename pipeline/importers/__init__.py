"""From an article as it was published to structured content.

A reader for each source format gives the same blocks (``blocks``), each with the lines of the
source that it came from. One structural reader finds the roundtable in them (``roundtable``), and
``writing`` writes it as article.md. Every line of the source is accounted for.
"""
