"""The `portico` command. Commands that speak of customers are the operations of the API; the others run the house."""

from app.cli.main import main

__all__ = ["main"]
