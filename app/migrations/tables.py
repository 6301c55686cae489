"""All tables of all rooms, whichever rooms there are."""

from __future__ import annotations

import importlib

from sqlalchemy import MetaData

from app.database import db
from app.settings import ROOT


def load_tables() -> MetaData:
    """Import every room's `models.py` and return what they declare."""
    for path in sorted((ROOT / "app").rglob("models.py")):
        importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    return db.metadata
