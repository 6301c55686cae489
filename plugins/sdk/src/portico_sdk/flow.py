"""What goes into an adapter and what comes out: data in, data out, nothing else within reach."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """An answer from outside, at most as large as the guard allows.

    Args:
        status: as sent; the guard follows no redirect.
        headers: by lower-case name.
        body: at most 1 MiB.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Document:
    """A fetched document, possibly an old copy.

    Args:
        body: as it was fetched, at most 1 MiB.
        fetched_at: when, aware UTC.
        stale: the newest try to fetch it failed.
    """

    body: bytes
    fetched_at: datetime
    stale: bool


class Http(Protocol):
    """The only way out. https only, no redirects, no private addresses, 5 s in all, 1 MiB."""

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        data: Mapping[str, str] | bytes | None = None,
    ) -> HttpResponse:
        """Return the answer whatever its status. Raises ProviderUnreachable."""

    def document(self, url: str, *, max_age_s: int = 3600, newer_than: datetime | None = None) -> Document:
        """Return the document at `url`, from the shared store when younger than `max_age_s`.

        `newer_than` asks for a copy fetched after that time (an unknown key id); it is honoured at most once a minute for
        each URL over all processes, and the stored copy is returned otherwise. A failed fetch serves the stored copy as
        `stale`; without one it raises ProviderUnreachable.
        """

    def guard(self, session: Any) -> Any:
        """Mount the outbound guard on a requests-like session, and return it."""

    def check_browser_url(self, url: str) -> None:
        """Raise SignInRefused unless a browser may be sent to `url` (https, or an origin the operator allowed)."""


class Cache(Protocol):
    """Memory of this process for one version of one connection's configuration."""

    def get_or_make(self, name: str, make: Callable[[], T]) -> T:
        """Return what `make` returned the first time; a changed configuration starts empty."""


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A private key and its certificate.

    Args:
        private_key_pem: PKCS #8 in PEM; left out of reprs. Never shown, sent or put into state.
        certificate_pem: PEM; public.
    """

    private_key_pem: str = field(repr=False)
    certificate_pem: str = ""


@dataclass(frozen=True, slots=True)
class ServiceProvider:
    """Our own side of one connection, as the identity provider knows it. URLs derive from the configured base URL.

    Args:
        entity_id: our SAML entity ID.
        acs_url: where SAML responses are posted.
        metadata_url: where our SAML metadata stands.
        slo_url: where SAML logout messages come.
        redirect_uri: where OpenID providers send the browser back.
        post_logout_redirect_uri: where they send it after a logout.
        backchannel_logout_uri: where they post logout tokens.
        keys: newest first: the first signs, all decrypt. Opened when one is asked for, which can fail a sign-in.
    """

    entity_id: str = ""
    acs_url: str = ""
    metadata_url: str = ""
    slo_url: str = ""
    redirect_uri: str = ""
    post_logout_redirect_uri: str = ""
    backchannel_logout_uri: str = ""
    keys: Sequence[KeyPair] = ()


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check of one sign-in, for the trace.

    Args:
        name: kebab-case, stable.
        passed: whether the sign-in went on.
        expected, received: what was compared, shown to operators: never secrets.
    """

    name: str
    passed: bool
    expected: str = ""
    received: str = ""


@dataclass(frozen=True, slots=True)
class AdapterContext:
    """Everything an adapter may use for one call.

    Args:
        connection_id: `con-...`.
        settings: validated and decrypted, every field of the adapter's SettingFields present (None where absent).
        service_provider: our side.
        now: aware UTC, fixed for this call.
        random: returns n random bytes fit for secrets.
        http: guarded requests.
        cache: process memory for this version of the configuration.
        record: note the result of a check in the trace, in the order in which checks run.
    """

    connection_id: str
    settings: Mapping[str, Any] = field(repr=False)
    service_provider: ServiceProvider
    now: datetime
    random: Callable[[int], bytes]
    http: Http
    cache: Cache
    record: Callable[[CheckResult], None]


@dataclass(frozen=True, slots=True)
class BeginRequest:
    """What the person's application asked for.

    Args:
        handle: opaque, at most 80 characters of `[A-Za-z0-9_-]`; send it as RelayState or state, unchanged.
        login_hint: an e-mail address or user name, unverified.
        prompt: values of OIDC `prompt` other than `none`: `login` means the person must authenticate again.
        max_age_s: the oldest acceptable authentication, in seconds; 0 means again now.
        ui_locales: as sent, unverified.
        authenticated_at: when this person last authenticated at this provider, as the provider stated it, where the
            gateway still knows; for protocols that cannot say `max_age` themselves.
    """

    handle: str
    login_hint: str | None = None
    prompt: frozenset[str] = frozenset()
    max_age_s: int | None = None
    ui_locales: str | None = None
    authenticated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Redirect:
    """Send the browser somewhere by GET.

    Args:
        url: absolute, one that `Http.check_browser_url` lets pass.
    """

    url: str


@dataclass(frozen=True, slots=True)
class FormPost:
    """Send the browser somewhere by POST.

    Args:
        url: absolute, one that `Http.check_browser_url` lets pass.
        fields: of the form, by name.
    """

    url: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class BeginResult:
    """Where the browser goes, and what the adapter needs back at `complete`.

    Args:
        action: a Redirect or a FormPost.
        state: stored by the gateway, encrypted and bound to this browser: a small mapping of strings (request id, nonce,
            PKCE verifier), at most 4096 characters. It never travels through the browser.
    """

    action: Redirect | FormPost
    state: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Callback:
    """What the browser brought back. Every value is unverified.

    Args:
        method: of the request.
        url: the address it was sent to, built from the configured base URL, without query.
        raw_query: exactly as sent.
        unverified_params: query (GET) or form (POST) parameters in the order sent, duplicates included.
        state: what `begin` returned for this browser; None when nobody asked (IdP-initiated).
    """

    method: Literal["GET", "POST"]
    url: str
    raw_query: str
    unverified_params: tuple[tuple[str, str], ...] = field(repr=False)
    state: Mapping[str, str] | None = field(repr=False)

    def single(self, name: str) -> str | None:
        """Return the only value of `name`, or None. Raises SignInRefused when it was sent more than once."""
        from portico_sdk.errors import SignInRefused

        values = [value for key, value in self.unverified_params if key == name]
        if len(values) > 1:
            raise SignInRefused("parameter-repeated", f"{name} was sent {len(values)} times")
        return values[0] if values else None


@dataclass(frozen=True, slots=True)
class ExternalIdentity:
    """A verified identity: only an adapter's `complete` makes one, after every check passed.

    Args:
        subject: stable at this provider, never reassigned; 1 to 1024 characters.
        subject_source: where it came from, for instance `NameID` or `sub`; fixed once a sign-in succeeded.
        issuer: the provider's entity ID or issuer, as proven.
        attributes: everything it said, by the name it used; multiple values keep their order, repeats are merged.
        replay_id: what makes this proof unique (assertion ID, ID token `jti` or nonce). Empty means refusal.
        replay_until: until when the proof could be shown again, clock skew included.
        authenticated_at: when the person authenticated, by the provider's word; None when it did not say.
        issued_at: when the provider made its proof, by its word: no later than that they authenticated. It is told to
            clients where nothing better is known, and never counts as proof that somebody authenticated afresh.
        acr, amr: how, by the provider's word.
        session_expires_at: the provider's bound on the session.
        session_index: the provider's name for its session, for logout.
        logout_name: by what the provider's logout messages name this person; None where it sends none.
        logout_state: what `begin_logout` needs to sign the person out at the provider; kept encrypted with the session.
        email_verified: the provider's word; None when it said nothing.
        incomplete: names of attributes whose values the provider left out (group overage): unknown, not empty.
        verified_by: SHA-256 (lower-case hex) of the pinned certificates whose keys verified the proof; empty where the
            connection pins none. Says which of several certificates the provider uses.
    """

    subject: str
    subject_source: str
    issuer: str
    attributes: Mapping[str, tuple[str, ...]]
    replay_id: str
    replay_until: datetime
    authenticated_at: datetime | None = None
    issued_at: datetime | None = None
    acr: str | None = None
    amr: tuple[str, ...] = ()
    session_expires_at: datetime | None = None
    session_index: str | None = None
    logout_name: str | None = None
    logout_state: Mapping[str, str] = field(default_factory=dict, repr=False)
    email_verified: bool | None = None
    incomplete: frozenset[str] = frozenset()
    verified_by: tuple[str, ...] = ()
