"""What the stand-in for AWS cannot do, case by case: `stand_in.json` with `{ case, judge, lacks, says, because }`.

A problem is excused if an entry's `says` (a regular expression) finds it; an entry that finds none is a problem itself.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

TABLE = Path(__file__).parent.parent / "stand_in.json"
Entries = list[dict[str, str]]


def entries() -> Entries:
    return list(json.loads(TABLE.read_text()))


def remaining(case: str, judge: str, problems: list[str], table: Entries | None = None) -> list[str]:
    """Problems that no entry excuses, and entries that excuse none."""
    own = [e for e in (entries() if table is None else table) if (e["case"], e["judge"]) == (case, judge)]
    left = [p for p in problems if not any(re.search(e["says"], p) for e in own)]
    idle = [e for e in own if not any(re.search(e["says"], p) for p in problems)]
    return left + [f"stand_in.json: no longer needed: {e['lacks']} ({e['because']})" for e in idle]
