"""Routes: clients: listed, registered, changed, given a further secret. A secret is shown once."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect

from app.console import Console
from app.console.attempt import Failed, attempt
from app.console.desk import Desk
from app.console.forms import asked_of, is_ticked, lines_of, number_of, page, text_of
from app.console.session.views import freshly_signed_in, open_desk, signed_in

ONE = "/clients/<client_id>"
LINES = ("redirect_uris", "post_logout_redirect_uris", "post_logout_redirect_origins")
ADDRESSES = ("jwks_uri", "initiate_login_uri", "global_token_revocation_url")
CHOICES = {
    "token_endpoint_auth_method": ("client_secret_post", "client_secret_basic", "private_key_jwt"),
    "id_token_signed_response_alg": ("RS256", "ES256"),
}
LIFETIMES = ("access_token_lifetime_s", "id_token_lifetime_s")
USUAL: dict[str, Any] = {
    "token_endpoint_auth_method": "client_secret_post",
    "id_token_signed_response_alg": "RS256",
    "require_pkce": True,
    "access_token_lifetime_s": 300,
    "id_token_lifetime_s": 300,
}


def add_routes(blueprint: Blueprint, console: Console) -> None:
    """Add the pages and what they send. Disabling, deleting and revoking are acts."""
    _add_looking(blueprint, console)
    _add_changing(blueprint, console)


def _add_looking(blueprint: Blueprint, console: Console) -> None:
    @blueprint.get("/clients")
    @signed_in
    def clients() -> Response:
        return page("clients", at="clients", page=open_desk(console).ask("client", "list", **asked_of(("after",))))

    @blueprint.get(ONE)
    @signed_in
    def client(client_id: str) -> Response:
        return _page(open_desk(console), client_id)

    @blueprint.post(f"{ONE}/enable")
    @freshly_signed_in
    def enable_client(client_id: str) -> Any:
        open_desk(console).ask("client", "update", client_id, status="active")
        return redirect(f"/console/clients/{client_id}", 303)

    @blueprint.post(f"{ONE}/secrets")
    @freshly_signed_in
    def add_secret(client_id: str) -> Response:
        desk = open_desk(console)
        made = attempt(lambda: desk.ask("client", "add-secret", client_id))
        if isinstance(made, Failed):
            return _page(desk, client_id, failed=made)
        return _page(desk, client_id, made=made.client_secret)


def _add_changing(blueprint: Blueprint, console: Console) -> None:
    @blueprint.get("/clients/new")
    @signed_in
    def new_client() -> Response:
        return _form(None, USUAL, Failed({}, 200))

    @blueprint.post("/clients/new")
    @freshly_signed_in
    def add_client() -> Response:
        desk, said = open_desk(console), _said()
        made = attempt(lambda: desk.ask("client", "create", **said))
        if isinstance(made, Failed):
            return _form(None, said, made)
        return _page(desk, made.id, made=made.client_secret, is_new=True)

    @blueprint.get(f"{ONE}/settings")
    @signed_in
    def client_settings(client_id: str) -> Response:
        one = open_desk(console).ask("client", "get", client_id)
        return _form(one, one.model_dump(), Failed({}, 200))

    @blueprint.post(f"{ONE}/settings")
    @freshly_signed_in
    def change_client(client_id: str) -> Any:
        desk, said = open_desk(console), _said()
        done = attempt(lambda: desk.ask("client", "update", client_id, **said))
        if isinstance(done, Failed):
            return _form(desk.ask("client", "get", client_id), said, done)
        return redirect(f"/console/clients/{client_id}", 303)


def _said() -> dict[str, Any]:
    said: dict[str, Any] = {**text_of("name", *CHOICES), "require_pkce": is_ticked("require_pkce")}
    said |= {name: lines_of(name) for name in LINES}
    said |= {name: text or None for name, text in text_of(*ADDRESSES).items()}
    said |= {name: number_of(name) or USUAL[name] for name in LIFETIMES}
    return {**said, "allowed_organizations": lines_of("allowed_organizations") or None}


def _form(one: Any, said: dict[str, Any], failed: Failed) -> Response:
    shown = {name: "\n".join(said.get(name) or []) for name in (*LINES, "allowed_organizations")}
    return page(
        "client_settings",
        failed.status,
        at="clients",
        one=one,
        said={**said, **shown},
        choices={name: [(one, one) for one in values] for name, values in CHOICES.items()},
        problems=failed.problems,
    )


def _page(
    desk: Desk, client_id: str, *, made: str | None = None, is_new: bool = False, failed: Failed | None = None
) -> Response:
    failed = failed or Failed({}, 200)
    one = desk.ask("client", "get", client_id)
    return page(
        "client",
        failed.status,
        at="clients",
        one=one,
        secrets=desk.ask("client", "secrets", client_id).items,
        made=made,
        is_new=is_new,
        problems=failed.problems,
    )
