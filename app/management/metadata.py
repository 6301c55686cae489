"""Metadata: what a provider's document says, before anything is stored."""

from __future__ import annotations

from typing import Annotated, Any, cast

import structlog
from pydantic import StringConstraints, model_validator

from app.adapters.recognize import recognize
from app.errors import Invalid, Problem
from app.management.operation import Call, Operation
from app.management.shapes import Shape, Time, Url, Word
from portico_sdk import Clue, MetadataEntity, MetadataError, MetadataImport, ProviderUnreachable

log = structlog.get_logger()

Document = Annotated[str, StringConstraints(min_length=1, max_length=2_000_000)]


class MetadataIn(Shape):
    """Either `xml` or `url`."""

    xml: Document | None = None
    url: Url | None = None
    """Fetched through the outbound guard: https, no private address, 1 MiB."""
    adapter: Word = "saml"

    @model_validator(mode="after")
    def check_one(self) -> MetadataIn:
        if (self.xml is None) == (self.url is None):
            raise ValueError("send either xml or url")
        return self


class CertificateOut(Shape):
    pem: str
    subject: str
    sha256: str
    not_before: Time
    not_after: Time


class EndpointOut(Shape):
    service: str
    binding: str
    url: str


class EntityOut(Shape):
    entity_id: str
    adapter: str
    """The adapter that knows this provider by its addresses, or the generic one."""
    settings: dict[str, Any]
    """What a connection would store: pass them as its `settings`."""
    certificates: list[CertificateOut]
    endpoints: list[EndpointOut]
    warnings: list[str]
    wants_signed_requests: bool
    """Whether it says so; some say so and do not check."""


class MetadataOut(Shape):
    adapter: str
    """The adapter that knows this document, or the generic one when none does or its entities differ."""
    entities: list[EntityOut]
    """Every identity provider in the document; with more than one, you choose."""


def parse(call: Call[MetadataIn]) -> MetadataOut:
    said = call.takes
    importer = _find_importer(call)
    field = "xml" if said.url is None else "url"
    try:
        document = (said.xml or "").encode() if said.url is None else call.rooms.fetch(said.url)
        parsed = importer.parse_metadata(document, call.now)
    except (MetadataError, ProviderUnreachable) as error:
        raise Invalid(Problem(field, error.code, error.hint or error.detail)) from error
    except Exception as error:  # a plug-in met something that its author did not foresee: still the document's fault
        log.exception("metadata_unreadable", adapter=said.adapter)
        raise Invalid(Problem(field, "metadata-unreadable", "The adapter cannot read this document.")) from error
    entities = [_show(entity, _recognize(call, entity)) for entity in parsed.entities]
    known = {entity.adapter for entity in entities}
    return MetadataOut(adapter=known.pop() if len(known) == 1 else "saml", entities=entities)


def _recognize(call: Call[MetadataIn], entity: MetadataEntity) -> str:
    endpoints = tuple(url for service, _, url in entity.endpoints if service == "SingleSignOnService")
    clue = Clue(text=call.takes.url or "", entity_id=entity.entity_id, endpoints=endpoints)
    return recognize(call.rooms.registry.specs(), clue, "saml")


def _find_importer(call: Call[MetadataIn]) -> MetadataImport:
    adapter = call.rooms.registry.find(call.takes.adapter)
    if adapter is None or "metadata_import" not in adapter.spec.capabilities:
        raise Invalid(Problem("adapter", "no-metadata-import", "There is no such adapter, or it reads no metadata."))
    return cast(MetadataImport, adapter.spec.adapter)


def _show(entity: MetadataEntity, adapter: str) -> EntityOut:
    return EntityOut(
        entity_id=entity.entity_id,
        adapter=adapter,
        settings=dict(entity.settings),
        certificates=[
            CertificateOut(**{name: getattr(certificate, name) for name in CertificateOut.model_fields})
            for certificate in entity.certificates
        ],
        endpoints=[
            EndpointOut(service=service, binding=binding, url=url) for service, binding, url in entity.endpoints
        ],
        warnings=list(entity.warnings),
        wants_signed_requests=entity.wants_signed_requests,
    )


OPERATIONS = (
    Operation(("metadata", "parse"), "POST", "/metadata/parse", "connections:read",
              "Show what a metadata document says", parse, MetadataIn, MetadataOut, writes=False,
              example="--url https://idp.example.com/metadata"),
)  # fmt: skip
