"""Entra's numbers for what goes wrong. Its own sentences differ and change; the numbers stay.

What it tells an application about, it posts as a SAML status or redirects as an OAuth error. What it cannot tell, because
it knows no application to answer or does not trust the address, it shows on its own page.
"""

from portico_simulator.profiles.spec import VendorError

_REQUESTER = ("Requester",)


def _number(number: int, text: str, cause: str = "", oauth: str = "invalid_request") -> VendorError:
    return VendorError(f"AADSTS{number}", text, cause, status=_REQUESTER, oauth=oauth)


def _page(number: int, text: str, cause: str = "", http: int = 400) -> VendorError:
    return VendorError(f"AADSTS{number}", text, cause, "page", http=http)


def _token(number: int, text: str, cause: str = "", oauth: str = "invalid_client") -> VendorError:
    return VendorError(f"AADSTS{number}", text, cause, "token", oauth=oauth)


_COMMON = (
    _page(700016, "No application with this identifier is in the directory.", "unknown_application"),
    _page(50011, "The address for the answer is not one of the application's.", "wrong_acs"),
    _page(90002, "There is no such tenant."),
    _page(90038, "The tenant lives in another national cloud."),
    _page(50105, "The account is not assigned to a role of the application.", "not_assigned", 403),
    _number(650056, "The application is not set up as it should be."),
    _number(70001, "The application is switched off, or not in this tenant."),
    _number(50020, "The account of another provider does not exist in this tenant.", oauth="access_denied"),
    _number(50034, "The account does not exist in this tenant.", oauth="access_denied"),
    _number(16000, "Several accounts are signed in, and one has to be chosen.", oauth="interaction_required"),
    _number(90072, "The account has to be added to the tenant as a guest first.", oauth="access_denied"),
    _number(51004, "The account is not in the directory.", oauth="access_denied"),
    _number(50194, "The application is not for several tenants; /common cannot be used.", oauth="invalid_request"),
    _number(65001, "Nobody has consented to the application.", oauth="consent_required"),
    _number(90094, "An administrator has to consent.", oauth="consent_required"),
    _number(53003, "Conditional Access blocks the sign-in.", oauth="access_denied"),
    _number(53000, "The device does not comply.", oauth="interaction_required"),
    _number(530032, "A security policy of the tenant blocks the sign-in.", oauth="access_denied"),
    _number(50076, "A second factor is needed.", "interaction_required", "interaction_required"),
    _number(50079, "A second factor has to be set up.", oauth="interaction_required"),
    _number(50058, "A silent sign-in was asked for, and nobody is signed in.", "login_required", "login_required"),
)

SAML_ERRORS = (
    *_COMMON,
    _page(750054, "There is no SAMLRequest in the request.", "no_request"),
    _page(75005, "The request is not a valid SAML message.", "malformed_request"),
    _page(7500514, "There is no SAML message of a kind that is known.", "malformed_request"),
    _number(75003, "Only the binding HTTP-POST is supported for answers.", "binding"),
    _number(75008, "The request has a destination that was not expected."),
    _number(75011, "The method of this sign-in is not the one that was asked for.", "authn_context"),
    _number(75016, "The NameIDPolicy of the request is not valid.", "name_id_policy"),
    _number(90011, "The NameID format that was asked for is not supported."),
    _number(76021, "The request is not signed, and has to be.", "signature"),
    _number(76026, "The time of the request is over.", "stale_request"),
    _number(7500529, "The ID of the request may not begin with a digit.", "request_id"),
    _number(50003, "There is no key for signing."),
    _number(50146, "The application needs a key of its own for signing."),
    _number(501241, "The field that the NameID is made of is empty.", "name_id_empty"),
    _number(50058, "A silent sign-in was asked for, and nobody is signed in.", "no_passive"),
)

OIDC_ERRORS = (
    _page(700016, "No application with this client ID is in the directory.", "unauthorized_client"),
    _page(50011, "The redirect URI is not one of the application's.", "redirect_uri"),
    *_COMMON,
    _number(700054, "The response type is not enabled.", "unsupported_response_type", "unsupported_response_type"),
    _number(65004, "The person declined to consent.", "access_denied", "access_denied"),
    _number(70011, "The scope is not valid.", "invalid_scope", "invalid_scope"),
    _number(900144, "The request lacks a parameter, or has one twice.", "invalid_request"),
    _token(7000215, "The client secret is not right.", "invalid_client"),
    _token(7000218, "The request has neither client_assertion nor client_secret.", "client_secret_missing"),
    _token(7000222, "The client secret has expired."),
    _token(54005, "The code was redeemed already.", "code_reused", "invalid_grant"),
    _token(70008, "The code has expired.", "code_expired", "invalid_grant"),
    _token(501481, "The code verifier does not fit the code challenge.", "code_verifier", "invalid_grant"),
    _token(9002313, "The request is not valid for this code.", "code_unknown", "invalid_grant"),
    _token(70003, "The grant type is not supported.", "unsupported_grant_type", "unsupported_grant_type"),
)
