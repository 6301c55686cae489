"""All tables of all rooms, whichever rooms there are."""

from __future__ import annotations

import importlib
from pathlib import Path

from sqlalchemy import MetaData

import app
from app.database import db


def load_tables() -> MetaData:
    """Import every room's `models.py` and return what they declare."""
    root = Path(str(app.__file__)).parent
    for path in sorted(root.rglob("models.py")):
        importlib.import_module(".".join(("app", *path.relative_to(root).with_suffix("").parts)))
    return db.metadata
