"""What is done with records of other editions is told in one place, for each record."""

import pytest

from pipeline.project import editions
from pipeline.project.editions import SCHEMAS, find_edition


def test_every_record_has_a_row_with_its_schema():
    lines = (line.split() for line in (editions.__doc__ or "").splitlines())
    rows = [(row[0], int(row[1])) for row in lines if row and row[0] in SCHEMAS]

    assert rows == [*SCHEMAS.items()]


@pytest.mark.parametrize("record", SCHEMAS)
def test_a_schema_is_our_own_an_earlier_or_an_unknown_one(record):
    own = SCHEMAS[record]

    assert find_edition(record, own) == "own"
    assert [find_edition(record, n) for n in range(1, own)] == ["earlier"] * (own - 1)
    others: tuple[object, ...] = (0, -1, own + 1, True, 1.0, "1", None, [])
    for other in others:
        assert find_edition(record, other) == "unknown"
