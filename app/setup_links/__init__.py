"""Links for a customer's administrator: what one opens, visits by it, and the desk where a visit's every act is checked.

A link is a bearer secret of 256 bits, stored hashed. It opens one organization, some features, perhaps one connection or
one step. What is active is touched only after a code by e-mail to the link's contact.
"""

from app.setup_links.desk import Desk
from app.setup_links.links import SetupLinks
from app.setup_links.models import SetupLink
from app.setup_links.values import FEATURES, NewSetupLink
from app.setup_links.visit import CodeNeeded, CodeWrong, LinkUnusable, Visit, VisitOver
from app.setup_links.warnings import ExpiryWarnings

__all__ = [
    "FEATURES",
    "CodeNeeded",
    "CodeWrong",
    "Desk",
    "ExpiryWarnings",
    "LinkUnusable",
    "NewSetupLink",
    "SetupLink",
    "SetupLinks",
    "Visit",
    "VisitOver",
]
