"""What refusals of a response's form mean: mistakes of software, or of somebody who tries."""

from __future__ import annotations

from portico_sdk import Explanation, about

_LOG = "Begin again. When it happens every time, send the reference to whoever runs this application."

FORM = (
    about(
        "saml-binding saml-encoding",
        Explanation(
            "saml-binding",
            "No readable SAML response arrived.",
            ("The address was opened by hand.", "The provider sends by another binding than HTTP-POST."),
            "Let the provider answer by HTTP-POST.",
        ),
    ),
    about(
        "saml-size",
        Explanation(
            "saml-size",
            "The response is far larger than a sign-in needs.",
            ("The provider releases every group or attribute it has.",),
            "Release only the groups and attributes that this application uses.",
        ),
    ),
    about(
        "saml-document saml-doctype saml-structure saml-identifier saml-version saml-time-format saml-conditions",
        Explanation(
            "saml-document",
            "The response does not have the form that SAML 2.0 prescribes.",
            ("The provider is set to another protocol.", "Something between the provider and us rewrote it."),
            _LOG,
        ),
    ),
    about(
        "saml-signature-form saml-encryption-form",
        Explanation(
            "saml-signature-form",
            "The response is signed or encrypted in a form that SAML 2.0 does not allow.",
            ("Unusual settings for signing at the provider.", "Something between the provider and us rewrote it."),
            "Choose the provider's usual settings for signing: RSA with SHA-256, the assertion or the response.",
        ),
    ),
    about(
        "saml-subject-confirmation",
        Explanation(
            "saml-subject-confirmation",
            "The provider did not confirm the person as a browser sign-in does.",
            ("The application at the provider is of another kind than browser single sign-on.",),
            "Make a SAML 2.0 application for browser single sign-on (bearer confirmation).",
        ),
    ),
    about(
        "saml-library saml-unexpected",
        Explanation("saml-unexpected", "We could not make sense of this response.", (), _LOG),
    ),
)
