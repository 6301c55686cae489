"""The adapter: settings in, redirect out, response in, identity out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from portico_saml import authn_request, library_functions, metadata, response, signature, sp_metadata, validation
from portico_saml.fields import SETTINGS
from portico_saml.reasons import Reason, Refusal
from portico_sdk import (
    AdapterContext,
    BeginRequest,
    BeginResult,
    Callback,
    ExternalIdentity,
    ParsedMetadata,
    SettingField,
    SignInRefused,
)


class SamlAdapter:
    """SAML 2.0 Web Browser SSO toward one kind of identity provider. Stateless, safe for threads.

    A vendor profile is an instance of this class with the vendor's data; no argument weakens a check.

    Args:
        fields: the settings, `SETTINGS` or a copy with other defaults, labels and examples.
        subject_source: `NameID`, or the name of the attribute with which this vendor identifies a person for good.
        login_hint_parameter: the vendor's parameter for a login hint on its single sign-on URL; None sends none.
    """

    def __init__(
        self,
        *,
        fields: Sequence[SettingField] = SETTINGS,
        subject_source: str = "NameID",
        login_hint_parameter: str | None = None,
    ) -> None:
        signature.switch_off_input()
        library_functions.install()
        self._fields = tuple(fields)
        self._subject_source = subject_source
        self._login_hint_parameter = login_hint_parameter

    def validate(self, settings: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        """Return the settings in canonical form, `metadata_xml` read into them. Raises SettingsError."""
        return validation.validate(settings, self._fields, now)

    def check_ready(self, settings: Mapping[str, Any], now: datetime) -> None:
        """Raise SettingsError unless there are an issuer, a single sign-on URL and a certificate."""
        validation.check_ready(settings)

    def begin(self, context: AdapterContext, request: BeginRequest) -> BeginResult:
        """Return the AuthnRequest as a redirect or a form post. Raises SignInRefused."""
        try:
            return authn_request.begin(context, request, self._login_hint_parameter)
        except SignInRefused:
            raise
        except Exception as error:
            raise Refusal(Reason.UNEXPECTED, f"{type(error).__name__}: {error}"[:500]) from error

    def complete(self, context: AdapterContext, callback: Callback) -> ExternalIdentity:
        """Return the identity that the provider proved, after every check. Raises SignInRefused, nothing else."""
        return response.complete(context, callback, self._subject_source)

    def parse_metadata(self, document: bytes, now: datetime) -> ParsedMetadata:
        """Return every identity provider in the document. Raises MetadataError."""
        return metadata.parse_metadata(document, now)

    def service_provider_metadata(self, context: AdapterContext) -> bytes:
        """Return our metadata document for this connection. Raises SignInRefused when a key it needs is missing."""
        return sp_metadata.build_sp_metadata(context)
