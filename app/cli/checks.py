"""What `portico doctor` looks at. A check never raises; one that cannot be made fails."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from flask import Flask

    from app.gateway import Gateway

_LITTLE_DISK = 500_000_000
_LATE = timedelta(minutes=5)
_LONG_AGO = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Check:
    """One finding. `fix` is empty when all is well."""

    name: str
    state: Literal["ok", "warn", "fail"]
    found: str
    fix: str = ""


def check_installation() -> Iterator[Check]:
    """Yield every check, in the order in which they depend on each other."""
    yield check_libraries()
    settings = _attempt("settings", check_settings)
    yield settings
    if settings.state == "fail":
        return
    from app import create_app
    from app.web.logs import configure_logging

    configure_logging()
    try:
        app = create_app()
    except Exception as error:
        yield Check(
            "start", "fail", f"{type(error).__name__}: {error}", "Fix this first; nothing else can be looked at."
        )
        return
    gateway: Gateway = app.extensions["portico"]
    with app.app_context():
        for name, look in _CHECKS:
            check = _attempt(name, lambda look=look: look(app, gateway))  # type: ignore[misc]
            yield check
            if check.state == "fail" and name in ("database", "tables"):
                return


def check_libraries() -> Check:
    """lxml and xmlsec must embed the same libxml2: two of them in one process corrupt memory."""
    try:
        import xmlsec
        from lxml import etree
    except ImportError as error:
        return Check("libxml2", "warn", f"SAML is not installed: {error}", "Install the adapters: make install")
    ours, theirs = etree.LIBXML_VERSION, tuple(xmlsec.get_libxml_version())
    if ours != theirs:
        found = f"lxml has {'.'.join(map(str, ours))}, xmlsec {'.'.join(map(str, theirs))}"
        return Check("libxml2", "fail", found, "Install both from the lock: make install")
    return Check("libxml2", "ok", ".".join(map(str, ours)))


def check_settings() -> Check:
    """Whether the environment's settings can work together."""
    from pydantic import ValidationError

    from app.settings import Settings

    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        return Check("settings", "fail", f"{name} {first['msg']}".strip(), "Set the PORTICO_ variable it speaks of.")
    if settings.development:
        fix = "Fine for trying out. For real customers set PORTICO_ENV=production and an https PORTICO_BASE_URL."
        return Check("settings", "warn", f"development at {settings.base_url}", fix)
    return Check("settings", "ok", f"production at {settings.base_url}")


def _database(_app: Flask, gateway: Gateway) -> Check:
    from sqlalchemy import text

    from app.database import db

    db.session.execute(text("SELECT 1"))
    kind = db.engine.dialect.name
    if kind == "sqlite" and not gateway.settings.development:
        fix = "Fine for one host and 20 sign-ins a second. For more set PORTICO_DATABASE_URL to PostgreSQL."
        return Check("database", "warn", "SQLite", fix)
    return Check("database", "ok", kind)


def _tables(app: Flask, _gateway: Gateway) -> Check:
    from app.migrations import is_at_head

    if is_at_head(app):
        return Check("tables", "ok", "up to date")
    return Check("tables", "fail", "not those of this version", "Run: portico db upgrade")


def _keys(_app: Flask, gateway: Gateway) -> Check:
    from app.cipher import CannotDecrypt
    from app.errors import Unavailable

    try:
        key = gateway.keys.current("RS256", gateway.clock())
    except CannotDecrypt:
        fix = "Put the key that sealed this database back into PORTICO_ENCRYPTION_KEYS, behind the newest."
        return Check("encryption keys", "fail", "stored secrets do not open", fix)
    except Unavailable:
        return Check("encryption keys", "warn", "no signing key yet", "Start it once: portico serve")
    return Check("encryption keys", "ok", f"they open the signing key {key.kid}")


def _plugins(_app: Flask, gateway: Gateway) -> Check:
    failed, ready = gateway.registry.failed(), gateway.registry.specs()
    if failed:
        found = "; ".join(f"{plugin.distribution}: {plugin.reason}" for plugin in failed)
        return Check("plug-ins", "fail", found, "Sign-ins through these are refused. Fix or remove the plug-in.")
    if slow := gateway.registry.slow():
        found = ", ".join(f"{name} took {seconds} s to load" for name, seconds in slow.items())
        fix = "Every process waits for it when it starts; tell the plug-in's author."
        return Check("plug-ins", "warn", found, fix)
    if skipped := gateway.registry.skipped():
        fix = "Name them in PORTICO_ADAPTERS to load them."
        return Check("plug-ins", "warn", f"installed and not loaded: {', '.join(skipped)}", fix)
    if not ready:
        return Check("plug-ins", "fail", "none", "Install the adapters: make install")
    return Check("plug-ins", "ok", ", ".join(adapter.spec.key for adapter in ready))


def check_jobs(_app: Flask, gateway: Gateway) -> Check:
    """Whether background work is done, and every job of it without an error."""
    from app.jobs import find_last_success, list_troubles
    from app.periodic import list_leased

    last = find_last_success("seal-audit")
    troubles = list_troubles(list_leased(gateway), gateway.clock())
    failing = [trouble for trouble in troubles if trouble.kind != "late"]
    if not failing and (last is None or last < gateway.clock() - _LATE):
        found = "never ran" if last is None else f"last ran at {last:%Y-%m-%d %H:%M} UTC"
        return Check("background work", "warn", found, "Run portico serve, or portico worker, and look at its log.")
    if troubles:
        fix = "Look for job_failed in the log of portico serve and portico worker; restart what hangs."
        return Check("background work", "warn", "; ".join(str(trouble) for trouble in troubles), fix)
    return Check("background work", "ok", f"last ran at {last:%H:%M:%S} UTC")


def _mail(_app: Flask, gateway: Gateway) -> Check:
    from app.mail import count_late

    settings, late = gateway.settings, count_late(gateway.clock())
    if not settings.mail_url and not settings.development:
        return Check("mail", "fail", "nothing is sent", "Set PORTICO_MAIL_URL: codes and warnings wait until then.")
    if late:
        return Check("mail", "warn", f"{late} wait since a failure", "Look at the mail server, and at the log.")
    return Check("mail", "ok", "sent by SMTP" if settings.mail_url else "files in the instance folder")


def check_trust(_app: Flask, gateway: Gateway) -> Check:
    """What is known of the trust with Auth0, without asking the tenant."""
    from app.auth0.trust import find_trust

    trust = find_trust()
    if trust is None or trust.connection_id is None:
        return Check("auth0", "ok", "no tenant was connected from here")
    if trust.report is None or trust.verified_at is None:
        return Check("auth0", "warn", f"{trust.origin} was never verified", "Run portico auth0 verify.")
    at = f"{trust.verified_at:%Y-%m-%d %H:%M} UTC"
    if not trust.report["ok"]:
        return Check("auth0", "warn", f"not as it should be, at {at}", "Run portico auth0 verify: it says what.")
    if trust.verified_at < gateway.clock() - _LONG_AGO:
        return Check("auth0", "warn", f"verified at {at}, not since", "Run portico auth0 verify, and look at the log.")
    return Check("auth0", "ok", f"as it should be, at {at}")


def _disk(_app: Flask, gateway: Gateway) -> Check:
    free = shutil.disk_usage(gateway.settings.instance_path).free
    if free < _LITTLE_DISK:
        return Check("disk", "warn", f"{free // 1_000_000} MB free", "Sign-ins are refused when the disk is full.")
    return Check("disk", "ok", f"{free // 1_000_000_000} GB free")


_CHECKS: tuple[tuple[str, Callable[[Flask, Gateway], Check]], ...] = (
    ("database", _database),
    ("tables", _tables),
    ("encryption keys", _keys),
    ("plug-ins", _plugins),
    ("background work", check_jobs),
    ("mail", _mail),
    ("auth0", check_trust),
    ("disk", _disk),
)


def _attempt(name: str, look: Callable[[], Check]) -> Check:
    try:
        return look()
    except Exception as error:
        return Check(name, "fail", f"{type(error).__name__}: {str(error).splitlines()[0][:200]}", "See the log.")
