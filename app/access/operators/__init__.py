"""Operators: who they are, how they become it, how they sign in, and what their browsers hold."""

from app.access.operators.accounts import (
    change_password,
    choose_language,
    confirm_password,
    disable_operator,
    end_other_sessions,
    find_active_operator,
    list_operator_addresses,
    list_operators,
    note_signed_out,
)
from app.access.operators.invitations import (
    Enrolment,
    Invitation,
    Invitations,
)
from app.access.operators.models import Operator, OperatorSession
from app.access.operators.open_invitations import list_invitations, withdraw_invitation
from app.access.operators.sessions import (
    OperatorSessions,
    delete_old_sessions,
    end_session,
    list_sessions,
)
from app.access.operators.signing_in import Refused, SignedIn, SignIn
from app.access.operators.throttle import TooManyTries, delete_old_tries

__all__ = [
    "Enrolment",
    "Invitation",
    "Invitations",
    "Operator",
    "OperatorSession",
    "OperatorSessions",
    "Refused",
    "SignIn",
    "SignedIn",
    "TooManyTries",
    "change_password",
    "choose_language",
    "confirm_password",
    "delete_old_sessions",
    "delete_old_tries",
    "disable_operator",
    "end_other_sessions",
    "end_session",
    "find_active_operator",
    "list_invitations",
    "list_operator_addresses",
    "list_operators",
    "list_sessions",
    "note_signed_out",
    "withdraw_invitation",
]
