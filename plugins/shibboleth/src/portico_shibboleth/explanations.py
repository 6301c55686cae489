"""What goes wrong with a Shibboleth identity provider, and in which of its files to mend it. Data only."""

from __future__ import annotations

from portico_saml import SamlConsole, explain_by
from portico_sdk import ExplainerRow, Explanation, about

_FILTER = ("conf/attribute-filter.xml",)
_RELYING_PARTY = ("conf/relying-party.xml",)
_METADATA = ("conf/metadata-providers.xml",)

SAML_ROWS = (
    ExplainerRow(
        Explanation(
            "shibboleth-unknown",
            "The identity provider does not know us.",
            ("Our metadata is not registered with the federation.", "It has an old copy of our metadata."),
            "Register our metadata, or let the provider read it again.",
            _METADATA,
        ),
        said=r"[Uu]nsupported [Rr]equest|[Rr]elying party (?:not found|unknown)|unable to locate (?:issuer|metadata)",
    ),
    about(
        "saml-status",
        Explanation(
            "shibboleth-encryption",
            "The identity provider wanted to encrypt for us and could not.",
            ("Our metadata has no encryption key, and the provider demands one.",),
            "Require encryption in this connection, so that our metadata offers a key, or set idp.encryption.optional.",
            ("conf/idp.properties", "idp.encryption.optional"),
        ),
        said=r"[Ee]ncrypt",
    ),
    about(
        "saml-transient-subject saml-subject-attribute saml-subject",
        Explanation(
            "shibboleth-subject",
            "The identity provider sent nothing that names the person for good.",
            ("Only a transient NameID came, its default.", "No policy releases subject-id or another lasting name."),
            "Release samlSubjectID, the pairwise one, or eduPersonTargetedID to our entity ID.",
            _FILTER,
        ),
    ),
    *explain_by(
        SamlConsole(
            key="shibboleth-saml",
            vendor="Shibboleth",
            entity_id="entityID in our metadata",
            acs_url="AssertionConsumerService in our metadata",
            issuer="entityID",
            certificate="the signing certificate",
            metadata="your provider's metadata",
            addresses=_METADATA,
            values=("metadata/idp-metadata.xml",),
            signing=_RELYING_PARTY,
            sign="Let p:signResponses or p:signAssertions stay on.",
            claims=_FILTER,
            groups=_FILTER,
            people=_RELYING_PARTY,
            pitfalls=(
                ("signature", ("The metadata is the one of the installation, and the key was changed since.",)),
                ("claim-missing", ("No policy releases it to our entity ID.",)),
                ("groups", ("No policy releases isMemberOf to our entity ID.",)),
                ("no-response", ("The provider does not know us, and shows an error.",)),
                ("metadata-no-provider", ("A whole federation's document was given; name one provider.",)),
            ),
        )
    ),
)
