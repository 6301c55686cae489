"""Every HTTP request that leaves the gateway: where it may go, how long it may take, how much it may bring back."""

from app.outbound.dial import Resolver, system_addresses
from app.outbound.documents import DocumentStore
from app.outbound.fetching import fetch_document
from app.outbound.guard import OutboundGuard
from app.outbound.limits import BACKGROUND, LOGIN, Limits
from app.outbound.rows import delete_unused_documents
from app.outbound.transport import trusted_authorities

__all__ = [
    "BACKGROUND",
    "LOGIN",
    "DocumentStore",
    "Limits",
    "OutboundGuard",
    "Resolver",
    "delete_unused_documents",
    "fetch_document",
    "system_addresses",
    "trusted_authorities",
]
