"""The assembled gateway: every room's object, wired once. The composition root's other half; `create_app` adds routes."""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from app.access.operators import list_operator_addresses
from app.adapters import Registry
from app.auth0.auth0 import Auth0
from app.auth0.importing.legacy import find_legacy_claims
from app.auth0.importing.suspending import hear_settings_changed
from app.auth0.origin import parse_origin
from app.auth0.tenant import Credentials
from app.auth0.trust import Given
from app.cipher import Cipher, get_development_keys
from app.connections import Connections
from app.crypto import SigningKeys
from app.mail import Head, Outbox, Picture, Readers
from app.management import Rooms
from app.organizations import AskDns, make_brands
from app.organizations.dns import make_question
from app.outbound import (
    BACKGROUND,
    DocumentStore,
    OutboundGuard,
    Resolver,
    fetch_document,
    system_addresses,
    trusted_authorities,
)
from app.provider.authorize import Authorization
from app.provider.claims import build_claims
from app.provider.client_keys import ClientKeys
from app.provider.continuation import PURPOSE, AuthorizeContinuation
from app.provider.logout.end import EndSession
from app.provider.logout.telling import Telling, note_ended
from app.provider.refusals import Refusals
from app.provider.server import TokenServer
from app.provider.start import ApplicationStart
from app.provider.token import TokenContext
from app.settings import Settings
from app.setup_links import ExpiryWarnings, SetupLinks
from app.signin.allowed import StillAllowed
from app.signin.journey import Journey
from app.signin.route import Router
from app.signin.standing import check_client, check_connection
from app.signin.testing import TEST, TestContinuation
from app.web.brand import Brands
from app.web.colors import OURS, fill_of
from app.web.metrics import Metrics
from portico_sdk import SignInEvent


def read_clock() -> datetime:
    """The one place that reads the time."""
    return datetime.now(UTC)


#: It goes along with every mail; a larger one stays away, and the name stands alone.
LARGEST_MAILED_LOGO = 64 * 1024


def head_of(brands: Brands, organization_id: str) -> Head:
    """Return how mail about an organization begins; the installation's own without one."""
    brand = brands.of(organization_id) if organization_id else brands.own
    shown, png = brand.logo, brands.png_of(organization_id)
    logo = Picture(png, shown.width, shown.height, shown.wide) if shown and png else None
    return Head(brand.name, *fill_of(brand.color or OURS), logo if png and len(png) <= LARGEST_MAILED_LOGO else None)


@dataclass(frozen=True, slots=True)
class Gateway:
    """Everything that faces, commands and jobs reach."""

    settings: Settings
    clock: Callable[[], datetime]
    cipher: Cipher
    registry: Registry
    guard: OutboundGuard
    connections: Connections
    keys: SigningKeys
    allowed: StillAllowed
    journey: Journey
    authorization: Authorization
    token_server: TokenServer
    logout: EndSession
    telling: Telling
    auth0: Auth0
    refusals: Refusals
    rooms: Rooms
    metrics: Metrics
    outbox: Outbox
    operators: Readers
    ask_dns: AskDns
    setup_links: SetupLinks
    expiry_warnings: ExpiryWarnings
    brands: Brands


def assemble(
    settings: Settings,
    *,
    clock: Callable[[], datetime] = read_clock,
    random: Callable[[int], bytes] = os.urandom,
    registry: Registry | None = None,
    ask_dns: AskDns | None = None,
    resolver: Resolver = system_addresses,
    tls: ssl.SSLContext | None = None,
) -> Gateway:
    """Return the gateway for these settings. Needs no database yet, and sends nothing.

    Args:
        tls: the authorities that outbound requests trust; default: the system's and certifi's.
    """
    tls = tls or trusted_authorities()  # once: reading them takes longer than most of the rest
    cipher = Cipher(settings.encryption_keys or get_development_keys(settings.instance_path))
    registry = registry or Registry.load(frozenset(settings.adapters))
    operators = list_operator_addresses
    allow = frozenset(settings.outbound_allow)
    development = settings.development
    guard = OutboundGuard(allow=allow, development=development, resolver=resolver, tls=tls)
    background = OutboundGuard(allow=allow, development=development, resolver=resolver, tls=tls, limits=BACKGROUND)
    documents = DocumentStore(guard, clock)
    connections = Connections(
        registry,
        cipher,
        settings.base_url,
        documents.http_for,
        random,
        background_for=DocumentStore(background, clock).http_for,
        operators=operators,
        language=settings.language,
    )
    brands = make_brands(settings)
    outbox = Outbox(cipher, partial(head_of, brands), language=settings.language)
    ask_dns = ask_dns or make_question(settings.name_servers)
    setup_links = SetupLinks(
        connections,
        cipher,
        settings.base_url,
        ask_dns=ask_dns,
        operators=operators,
        random=random,
        language=settings.language,
    )
    keys = SigningKeys(cipher)
    metrics = Metrics()
    allowed = StillAllowed((("client", check_client), ("connection", check_connection(connections))))

    def observe(event: SignInEvent) -> None:
        metrics.count_sign_in(event.outcome)
        registry.observe(event)

    start = ApplicationStart(settings.base_url)
    journey = Journey(connections, cipher, allowed, observe, random, find_start=start.find)
    journey.sessions_ended.append(note_ended)
    connections.settings_changed.append(hear_settings_changed)
    journey.continuations[PURPOSE] = AuthorizeContinuation(settings.base_url, random, (find_legacy_claims,))
    journey.continuations[TEST] = TestContinuation(settings.base_url, build_claims)
    refusals = Refusals()
    token_context = TokenContext(settings.base_url, keys, allowed, clock, random)
    auth0 = Auth0(settings.base_url, cipher, keys, background, clock, _auth0_credentials(settings))
    router = Router(connections.find_route, connections.active_of)
    return Gateway(
        settings=settings,
        clock=clock,
        cipher=cipher,
        registry=registry,
        guard=guard,
        connections=connections,
        keys=keys,
        allowed=allowed,
        journey=journey,
        authorization=Authorization(settings.base_url, journey, router, keys, clock),
        token_server=TokenServer(token_context, ClientKeys(documents), refusals),
        logout=EndSession(settings.base_url, journey, keys, clock),
        telling=Telling(settings.base_url, keys, background, random),
        auth0=auth0,
        refusals=refusals,
        rooms=Rooms(
            connections,
            registry,
            partial(fetch_document, background),
            setup_links,
            ask_dns,
            auth0,
            journey,
        ),
        metrics=metrics,
        outbox=outbox,
        operators=operators,
        ask_dns=ask_dns,
        setup_links=setup_links,
        expiry_warnings=ExpiryWarnings(connections, setup_links, outbox, settings.base_url, operators),
        brands=brands,
    )


def _auth0_credentials(settings: Settings) -> Given | None:
    if not settings.auth0_client_id or not settings.auth0_client_secret:
        return None
    credentials = Credentials(settings.auth0_client_id, settings.auth0_client_secret)
    return Given(parse_origin(settings.auth0_domain), credentials)
