"""What each strategy needs: pure functions from an existing connection to a proposal."""

from app.auth0.importing.strategies.judge import judge

__all__ = ["judge"]
