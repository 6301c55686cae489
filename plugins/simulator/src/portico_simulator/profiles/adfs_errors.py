"""What AD FS says: MSIS numbers on its page and in its answers, numbers of events in its server's log."""

from portico_simulator.profiles.spec import VendorError

_POLICY = ("Requester", "InvalidNameIDPolicy")

_COMMON = (
    VendorError(
        "MSIS7007", "The relying party trust is unspecified or unsupported.", "unknown_application", "page", http=404
    ),
    VendorError(
        "MSIS5007", "The caller is not allowed to ask for a token for the relying party.", "not_assigned", "page"
    ),
    VendorError("MSIS7042", "The same browser session has made 6 requests in the last second.", "loop", "page"),
    VendorError("MSIS7012", "An error occurred while the request was processed: a loop.", at="page"),
    VendorError(
        "Event 184",
        "The key of the relying party does not identify any known relying party trust.",
        at="page",
    ),
    VendorError("Event 364", "MSIS7000: an error during the passive request.", at="page"),
    VendorError("Event 315", "The certificate chain of a claims provider cannot be built.", at="page"),
    VendorError(
        "Event 316", "The signing certificate of the relying party cannot be checked for revocation.", at="page"
    ),
    VendorError(
        "Event 317", "The encryption certificate of the relying party cannot be checked for revocation.", at="page"
    ),
)

SAML_ERRORS = (
    VendorError(
        "MSIS7070", "The NameID that was asked for is not the one that was issued.", "name_id_policy", status=_POLICY
    ),
    VendorError("MSIS7070", "The NameID has no value: actual properties null.", "name_id_empty", status=_POLICY),
    VendorError("MSIS3200", "No assertion consumer service of the trust has this address.", "wrong_acs", "page"),
    VendorError(
        "MSIS0038",
        "ID4037: the key needed to verify the signature could not be resolved (event 303).",
        "signature",
        status=("Requester",),
    ),
    VendorError(
        "Event 378",
        "The request is not signed with the expected signature algorithm.",
        "signature_algorithm",
        status=("Requester",),
    ),
    VendorError("", "", "authn_context", status=("Responder", "NoAuthnContext")),
    *_COMMON,
)

OIDC_ERRORS = (
    VendorError("MSIS9223", "The client identifier is not known.", "unauthorized_client", "page"),
    VendorError("MSIS9224", "The redirect URI is not one of the client's.", "redirect_uri", "page"),
    VendorError("MSIS9602", "The resource is not known.", "resource", oauth="invalid_resource"),
    VendorError("MSIS9607", "The client secret is not right.", "invalid_client", "token", oauth="invalid_client"),
    VendorError("MSIS9921", "The token's audience is not the userinfo endpoint.", "userinfo", "userinfo"),
    *_COMMON,
)
