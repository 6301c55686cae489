"""What each of our own refusals means, for providers that we do not know by name.

A vendor's table comes first and says the same with the vendor's words. Codes are those of `reasons.REASONS` and of
`portico_sdk.SYMPTOMS`; a test holds these tables to have every one.
"""

from __future__ import annotations

from portico_oidc.explanations.logout import LOGOUT
from portico_oidc.explanations.people import PERSON
from portico_oidc.explanations.provider import PROVIDERS_WORD
from portico_oidc.explanations.settings import SETTINGS
from portico_oidc.explanations.tokens import TOKENS
from portico_oidc.explanations.troubles import OTHERS
from portico_sdk import UNREACHABLE_ROWS

EXPLANATIONS = (*PROVIDERS_WORD, *SETTINGS, *PERSON, *OTHERS, *TOKENS, *LOGOUT, *UNREACHABLE_ROWS)
