"""The adapter object: the contract's four methods over one vendor's policy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from portico_oidc import logout, pasted, sign_in
from portico_oidc.explanations import EXPLANATIONS
from portico_oidc.policy import OidcPolicy
from portico_oidc.reasons import CheckFailed
from portico_oidc.settings import FIELDS
from portico_oidc.validation import canonical, check_complete
from portico_sdk import (
    AdapterContext,
    AdapterError,
    BeginRequest,
    BeginResult,
    Callback,
    Clue,
    Explainer,
    Explanation,
    ExternalIdentity,
    Failure,
    Forms,
    LogoutDemand,
    Pasted,
    SettingField,
    SettingsError,
)

T = TypeVar("T")


class OidcAdapter:
    """Signs people in at OpenID providers. Stateless; one object serves every connection of its vendor.

    Args:
        fields: every setting of the vendor's connections; a profile starts from `portico_oidc.FIELDS`.
        policy: how the vendor differs.
        forms: by which its issuers are recognized.
        explainer: what the vendor's errors mean; what it leaves open, the generic tables explain.
    """

    def __init__(
        self,
        fields: tuple[SettingField, ...] = FIELDS,
        policy: OidcPolicy | None = None,
        forms: Forms | None = None,
        explainer: Explainer | None = None,
    ) -> None:
        self._fields = fields
        self._policy = policy or OidcPolicy()
        self._forms = forms or Forms()
        own = explainer or Explainer(())
        self._explainer = replace(own, rows=(*own.rows, *EXPLANATIONS))

    def validate(self, settings: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        """Return the settings in canonical form, defaults filled in. Raises SettingsError naming every field at fault."""
        result = canonical(self._fields, settings, self._policy.lower_case)
        if problems := tuple(self._policy.check_settings(result)):
            raise SettingsError(*problems)
        return result

    def check_ready(self, settings: Mapping[str, Any], now: datetime) -> None:
        """Raise SettingsError unless every setting that a sign-in needs is there."""
        check_complete(self._fields, settings)

    def begin(self, context: AdapterContext, request: BeginRequest) -> BeginResult:
        """Return the authorization request. Raises SignInRefused."""
        try:
            return sign_in.begin(self._policy, context, request)
        except AdapterError:
            raise
        except Exception as error:
            raise CheckFailed("answer-unexpected", detail=f"{type(error).__name__} at the beginning") from error

    def complete(self, context: AdapterContext, callback: Callback) -> ExternalIdentity:
        """Return the identity that the provider proved. Raises SignInRefused and nothing else."""
        try:
            return sign_in.complete(self._policy, context, callback)
        except AdapterError:
            raise
        except Exception as error:
            raise CheckFailed("answer-unexpected", detail=f"{type(error).__name__} in the answer") from error

    def begin_logout(self, context: AdapterContext, handle: str, logout_state: Mapping[str, str]) -> BeginResult | None:
        """Return the logout request; None when the provider has no such endpoint. Raises SignInRefused."""
        return _refusing(lambda: logout.begin_logout(self._policy, context, handle, logout_state))

    def complete_logout(self, context: AdapterContext, callback: Callback) -> str:
        """Return "": the provider's answer is the `state` alone, by which the gateway found the logout."""
        return ""

    def receive_logout(self, context: AdapterContext, callback: Callback) -> LogoutDemand:
        """Return whom the logout token means, after every check. Raises SignInRefused."""
        return _refusing(lambda: logout.receive_logout(self._policy, context, callback))

    def answer_logout(self, context: AdapterContext, demand: LogoutDemand) -> None:
        """Return None: the provider is answered by the status of its own request."""

    def recognize(self, clue: Clue) -> bool:
        """Return whether the issuer has a form that only this vendor uses."""
        return self._forms.fit(clue)

    def read_pasted(self, text: str) -> Pasted:
        """Return what a pasted token or its claims say, unverified. Raises PasteError."""
        return pasted.read_pasted(text, self._policy)

    def explain(self, failure: Failure) -> Explanation | None:
        """Return what the failure means; every code of `REASONS` has an explanation."""
        return self._explainer.explain(failure)


def _refusing(work: Callable[[], T]) -> T:
    """Return what `work` returns; whatever nobody foresaw in it is a refusal."""
    try:
        return work()
    except AdapterError:
        raise
    except Exception as error:
        raise CheckFailed("answer-unexpected", detail=f"{type(error).__name__} at logout") from error
