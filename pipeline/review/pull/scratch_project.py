"""An article's files with other texts, in a folder of their own, to read them anew."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.review.pull.content_now import CurrentContent, read_current_content
from pipeline.system.limits import SourceLimits


@dataclass(frozen=True, slots=True)
class ArticleFiles:
    """An article as it is in its project."""

    project: Path
    slug: str
    current: CurrentContent
    limits: SourceLimits

    @contextmanager
    def open_scratch(self, texts: Mapping[str, str]) -> Iterator[CurrentContent]:
        """Read the article with other texts, by what addresses call its files.

        Raises Problems where they cannot be read.
        """
        written = {self.current.names[short]: text for short, text in texts.items()}
        with tempfile.TemporaryDirectory(prefix="brief-") as folder:
            for name in self.current.content.inputs:
                path = Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                if name in written:
                    path.write_text(written[name], "utf-8")
                else:
                    path.write_bytes((self.project / name).read_bytes())
            yield read_current_content(Path(folder), self.slug, self.limits)
