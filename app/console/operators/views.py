"""Routes: operators: listed, invited, shut out, given another second factor. Links are shown once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, redirect, request

from app.access.operators import (
    Invitations,
    Operator,
    confirm_password,
    list_invitations,
    list_operators,
    withdraw_invitation,
)
from app.console import Console
from app.console.attempt import Failed, attempt
from app.console.forms import page, speak_words, text_of
from app.console.operators.acts import ACTS, PROOF, OperatorAct
from app.console.session.views import freshly_signed_in, get_actor, get_operator, signed_in
from app.errors import NotFound

HERE = "/console/operators"
OK = Failed({}, 200)


def add_routes(blueprint: Blueprint, console: Console) -> None:
    """Add the list, the form that invites, and the page and form of each act."""
    invitations = Invitations(console.cipher, console.base_url)

    @blueprint.get("/operators")
    @signed_in
    def operators() -> Response:
        return _list(console, OK)

    @blueprint.post("/operators")
    @freshly_signed_in
    def invite() -> Response:
        email = text_of("email")["email"]
        url = _proven(console, lambda: invitations.invite(email, actor=get_actor(), now=console.clock()))
        if isinstance(url, Failed):
            return _list(console, url, typed=email)
        return _list(console, OK, made=(email, url))

    @blueprint.post("/operators/invitations/<invitation_id>/withdraw")
    @signed_in
    def withdraw(invitation_id: str) -> Any:
        withdraw_invitation(invitation_id, actor=get_actor(), now=console.clock())
        return redirect(HERE, 303)

    for act in ACTS:
        rule = f"/operators/<operator_id>/{act.path}"
        blueprint.add_url_rule(rule, f"GET operators {act.path}", freshly_signed_in(_shower(act)))
        doer = freshly_signed_in(_doer(console, act, invitations))
        blueprint.add_url_rule(rule, f"POST operators {act.path}", doer, methods=["POST"])


def _shower(act: OperatorAct) -> Callable[..., Response]:
    def show(operator_id: str) -> Response:
        return _act(act, _get(operator_id), OK)

    return show


def _doer(console: Console, act: OperatorAct, invitations: Invitations) -> Callable[..., Any]:
    def do(operator_id: str) -> Any:
        one = _get(operator_id)
        if request.form.get("typed", "").strip().lower() != one.email:
            return _act(act, one, Failed({"typed": f"Type “{one.email}” exactly."}, 422))
        done = _proven(console, lambda: act.do(invitations, one.email, get_actor(), console.clock()))
        if isinstance(done, Failed):
            return _act(act, one, done)
        return redirect(HERE, 303) if done is None else _list(console, OK, made=(one.email, done))

    return do


def _proven(console: Console, act: Callable[[], Any]) -> Any:
    """What the act gives, once the password of whoever is signed in is right; or what to say beside the form."""

    def do() -> Any:
        password = request.form.get("password", "")
        confirm_password(get_operator().id, password, address=request.remote_addr or "", now=console.clock())
        return act()

    return attempt(do)


def _get(operator_id: str) -> Operator:
    found = next((one for one in list_operators() if one.id == operator_id), None)
    if found is None:
        raise NotFound("no such operator")
    return found


def _list(console: Console, failed: Failed, *, typed: str = "", made: tuple[str, str] | None = None) -> Response:
    return page(
        "operators",
        failed.status,
        at="operators",
        operators=list_operators(),
        invitations=list_invitations(now=console.clock()),
        acts=ACTS,
        typed=typed,
        made=made,
        problems=failed.problems,
    )


def _act(act: OperatorAct, one: Operator, failed: Failed) -> Response:
    words, names = speak_words(), {"name": one.name, "email": one.email}
    said: Mapping[str, str] = {"typed": request.form.get("typed", "")}
    return page(
        "act",
        failed.status,
        at="operators",
        act=act,
        title=words(act.title, **names),
        ends=[words(sentence, **names) for sentence in act.ends],
        back=HERE,
        type_out=one.email,
        extras=[PROOF],
        said=said,
        problems=failed.problems,
    )
