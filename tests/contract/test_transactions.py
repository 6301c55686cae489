"""transaction(): stored together or not at all, on both databases."""

from sqlalchemy import text
from app.database import db


def test_connects(app_context):
    assert db.session.execute(text("select 1")).scalar() == 1
