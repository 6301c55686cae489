"""What each of our own refusals means, for providers that we do not know by name.

A vendor's table comes first and says the same with the vendor's words. Codes are those of `reasons.Reason` and of
`portico_sdk.SYMPTOMS`; a test holds these tables to have every one.
"""

from __future__ import annotations

from portico_saml.explanations.addressee import ADDRESSEE
from portico_saml.explanations.form import FORM
from portico_saml.explanations.people import PERSON
from portico_saml.explanations.signatures import SIGNATURE
from portico_saml.explanations.times import TIME
from portico_saml.explanations.troubles import OTHERS
from portico_saml.explanations.verdict import VERDICT
from portico_sdk import UNREACHABLE_ROWS

EXPLANATIONS = (*VERDICT, *ADDRESSEE, *SIGNATURE, *TIME, *PERSON, *OTHERS, *FORM, *UNREACHABLE_ROWS)
