"""The adapter: settings in, redirect out, response in, identity out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from portico_saml import (
    authn_request,
    library_functions,
    logout,
    metadata,
    pasted,
    response,
    signature,
    sp_metadata,
    validation,
)
from portico_saml.explanations import EXPLANATIONS
from portico_saml.fields import SETTINGS
from portico_saml.policy import Policy, read_policy
from portico_saml.reasons import Reason, Refusal
from portico_saml.vendor_policy import SamlPolicy
from portico_sdk import (
    AdapterContext,
    BeginRequest,
    BeginResult,
    Callback,
    Clue,
    Explainer,
    Explanation,
    ExternalIdentity,
    Failure,
    FormPost,
    Forms,
    LogoutDemand,
    ParsedMetadata,
    Pasted,
    Redirect,
    SettingField,
    SettingsError,
    SignInRefused,
)

T = TypeVar("T")


class SamlAdapter:
    """SAML 2.0 Web Browser SSO toward one kind of identity provider. Stateless, safe for threads.

    A vendor profile is an instance of this class with the vendor's data; no argument weakens a check.

    Args:
        fields: the settings, `SETTINGS` or a copy with other defaults, labels and examples.
        policy: how the vendor differs.
        forms: by which its names and addresses are recognized.
        explainer: what the vendor's errors mean; what it leaves open, the generic tables explain.
    """

    def __init__(
        self,
        *,
        fields: Sequence[SettingField] = SETTINGS,
        policy: SamlPolicy | None = None,
        forms: Forms | None = None,
        explainer: Explainer | None = None,
    ) -> None:
        signature.switch_off_input()
        library_functions.install()
        self._fields = tuple(fields)
        self._policy = policy or SamlPolicy()
        self._forms = forms or Forms()
        own = explainer or Explainer(())
        self._explainer = replace(own, rows=(*own.rows, *EXPLANATIONS))

    def validate(self, settings: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        """Return the settings in canonical form, `metadata_xml` read into them. Raises SettingsError."""
        canonical = validation.validate(settings, self._fields, now)
        if problems := tuple(self._policy.check_settings(canonical)):
            raise SettingsError(*problems)
        return canonical

    def check_ready(self, settings: Mapping[str, Any], now: datetime) -> None:
        """Raise SettingsError unless there are an issuer, a single sign-on URL and a certificate."""
        validation.check_ready(settings)

    def begin(self, context: AdapterContext, request: BeginRequest) -> BeginResult:
        """Return the AuthnRequest as a redirect or a form post. Raises SignInRefused."""
        try:
            return authn_request.begin(context, request, self._policy.login_hint_parameter)
        except SignInRefused:
            raise
        except Exception as error:
            raise Refusal(Reason.UNEXPECTED, f"{type(error).__name__}: {error}"[:500]) from error

    def complete(self, context: AdapterContext, callback: Callback) -> ExternalIdentity:
        """Return the identity that the provider proved, after every check. Raises SignInRefused, nothing else."""
        return response.complete(context, callback, self._policy)

    def parse_metadata(self, document: bytes, now: datetime) -> ParsedMetadata:
        """Return every identity provider in the document, with the settings this vendor has. Raises MetadataError."""
        parsed = metadata.parse_metadata(document, now)
        names = {field.name for field in self._fields}
        return ParsedMetadata(
            tuple(
                replace(entity, settings={name: value for name, value in entity.settings.items() if name in names})
                for entity in parsed.entities
            )
        )

    def recognize(self, clue: Clue) -> bool:
        """Return whether name or address has a form that only this vendor uses."""
        return self._forms.fit(clue)

    def read_pasted(self, text: str) -> Pasted:
        """Return what a pasted response or assertion says, unverified. Raises PasteError."""
        return pasted.read_pasted(text, self._policy)

    def explain(self, failure: Failure) -> Explanation | None:
        """Return what the failure means; every code of `Reason` has an explanation."""
        return self._explainer.explain(failure)

    def begin_logout(self, context: AdapterContext, handle: str, logout_state: Mapping[str, str]) -> BeginResult | None:
        """Return our LogoutRequest; None when the provider has no address for it. Raises SignInRefused."""
        return _refusing(lambda: logout.begin_logout(context, handle, logout_state))

    def complete_logout(self, context: AdapterContext, callback: Callback) -> str:
        """Return "" when the provider confirmed, else its status. Raises SignInRefused."""
        return _refusing(lambda: logout.complete_logout(context, self._policy_of(context), callback))

    def receive_logout(self, context: AdapterContext, callback: Callback) -> LogoutDemand:
        """Return whom the provider signed out, after every check. Raises SignInRefused."""
        return _refusing(lambda: logout.receive_logout(context, self._policy_of(context), callback))

    def answer_logout(self, context: AdapterContext, demand: LogoutDemand) -> Redirect | FormPost | None:
        """Return our LogoutResponse; None when the provider has no address for it. Raises SignInRefused."""
        return _refusing(lambda: logout.answer_logout(context, demand))

    def _policy_of(self, context: AdapterContext) -> Policy:
        return context.cache.get_or_make("saml-policy", lambda: read_policy(context, self._policy))

    def service_provider_metadata(self, context: AdapterContext) -> bytes:
        """Return our metadata document for this connection. Raises SignInRefused when a key it needs is missing."""
        return sp_metadata.build_sp_metadata(context)


def _refusing(work: Callable[[], T]) -> T:
    """Return what `work` returns; whatever nobody foresaw in it is a refusal."""
    try:
        return work()
    except SignInRefused:
        raise
    except Exception as error:
        raise Refusal(Reason.UNEXPECTED, f"{type(error).__name__}: {error}"[:500]) from error
