"""The management REST API: operations as routes, API keys, problem details, idempotent writes, OpenAPI, a docs page."""

from app.api.idempotency import delete_expired_answers
from app.api.views import blueprint, render_problem

__all__ = ["blueprint", "delete_expired_answers", "render_problem"]
