"""Table: the generation of the configuration."""

from __future__ import annotations

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import db


class ConfigurationGeneration(db.Model):
    """One row with a random value, another one after every change of a watched table. Triggers write it, nobody else."""

    __tablename__ = "configuration_generation"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    value: Mapped[str] = mapped_column(String(32))
