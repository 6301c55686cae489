"""The steps that make the trust, in their order: what stands on nothing first."""

from app.auth0.plan import Step
from app.auth0.steps.action import ACTION, BINDING
from app.auth0.steps.applications import APPLICATIONS
from app.auth0.steps.client import CLIENT
from app.auth0.steps.connection import CONNECTION
from app.auth0.steps.domains import DOMAINS
from app.auth0.steps.keys import KEYS
from app.auth0.steps.organizations import ORGANIZATIONS

#: The Action stands before the applications are let in: nobody ever passes a door without its guard.
STEPS: tuple[Step, ...] = (CLIENT, CONNECTION, KEYS, ACTION, BINDING, ORGANIZATIONS, APPLICATIONS, DOMAINS)

__all__ = ["STEPS"]
