"""`adfs` speaks WS-Federation, which nobody does here: AD FS gets a new relying party trust, for SAML."""

from __future__ import annotations

from app.auth0.importing.claim_rules import find_id_sources, read_fields_map
from app.auth0.importing.existing import ExistingConnection
from app.auth0.importing.options import Options
from app.auth0.importing.proposal import METADATA_URL, Asked, Fetched, LegacyIds, Proposal
from app.auth0.importing.strategies.saml_provider import Provider, read_provider

_METADATA_PATH = "/FederationMetadata/2007-06/FederationMetadata.xml"

_MUST_CHANGE = (
    "In AD FS, add a relying party trust from the metadata at {metadata_url}: it is for SAML, the present one for "
    "WS-Federation. That one stays until everybody has moved."
)


def judge_adfs(existing: ExistingConnection, asked: Asked) -> Proposal:
    """Return a SAML draft of the same AD FS; our old realm is not reused, for AD FS has it in the old trust."""
    options = existing.options
    url = _metadata_url(options)
    fetched = (
        asked.read_metadata(options.text("fedMetadataXml") or url) if url or options.text("fedMetadataXml") else None
    )
    provider = _provider(options, asked, url, fetched or Fetched())
    rules, unmapped = read_fields_map(options, asked.attributes)
    source = find_id_sources(options)[0]
    return Proposal(
        verdict="new-setup",
        must_change=_MUST_CHANGE.replace("{metadata_url}", METADATA_URL),
        adapter="adfs-saml",
        settings={**provider.settings(), "subject_attribute": source},
        claim_rules=rules,
        carries=provider.carries,
        lost=(*unmapped, "The realm of the old trust is not reused: AD FS knows an identifier only once."),
        confirm=(*provider.confirm, f"Let the new trust issue {source} with the very values of the old one."),
        certificates=provider.certificates,
        legacy=LegacyIds(f"adfs|{existing.name}|", source),
    )


def _metadata_url(options: Options) -> str:
    server = options.text("adfs_server")
    if not server:
        return ""
    return server if server.startswith("https://") else f"https://{server.strip('/')}{_METADATA_PATH}"


def _sign_in_url(metadata_url: str) -> str:
    """Where every AD FS has it, beside its metadata."""
    host = metadata_url.removesuffix(_METADATA_PATH)
    return f"{host}/adfs/ls/" if host and host != metadata_url else ""


def _provider(options: Options, asked: Asked, url: str, fetched: Fetched) -> Provider:
    """AD FS as it says itself; its passive endpoint serves SAML too."""
    known = Options(
        {
            "metadataUrl": url,
            "metadataXml": options.text("fedMetadataXml"),
            "signInEndpoint": "" if fetched.entity else options.text("signInEndpoint") or _sign_in_url(url),
            "signingCert": options.text("signingCert", "cert"),
        }
    )
    return read_provider(known, asked)
