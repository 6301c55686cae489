"""What refusals of signatures and encryption mean."""

from __future__ import annotations

from portico_sdk import Explanation, about

SIGNATURE = (
    about(
        "saml-signature",
        Explanation(
            "saml-signature",
            "Signed with a certificate that we do not know.",
            (
                "The provider renewed its certificate.",
                "The certificate here is another one of that provider, or was cut when it was copied.",
                "A proxy rewrote the response on its way.",
            ),
            "Read the metadata again, or paste the new certificate beside the old one.",
        ),
    ),
    about(
        "saml-unsigned",
        Explanation(
            "saml-unsigned",
            "Nothing in this response is signed.",
            ("Signing is switched off at the provider.",),
            "Let the provider sign the assertion or the response. We never accept unsigned sign-ins.",
        ),
    ),
    about(
        "saml-signature-policy",
        Explanation(
            "saml-signature-policy",
            "Another part is signed than this connection demands.",
            ("Signing was changed at the provider.", "The setting What must be signed is stricter than the provider."),
            "Sign what is expected there, or choose either in the connection's settings.",
        ),
    ),
    about(
        "saml-algorithm",
        Explanation(
            "saml-algorithm",
            "Signed or encrypted in a way that is no longer safe.",
            ("The provider still uses SHA-1.",),
            "Choose RSA with SHA-256 at the provider. No setting here accepts less.",
        ),
    ),
    about(
        "saml-not-encrypted",
        Explanation(
            "saml-not-encrypted",
            "This connection demands encryption, and the sign-in came in clear.",
            ("The provider does not have our encryption certificate.",),
            "Switch encryption of assertions on at the provider, with the certificate from our metadata.",
        ),
    ),
    about(
        "saml-decryption",
        Explanation(
            "saml-decryption",
            "We cannot decrypt this sign-in.",
            ("The provider has an old certificate of ours.", "It uses an algorithm that we do not take."),
            "Give the provider our present certificate, or switch encryption off there.",
        ),
    ),
)
