"""As lines for a shell with curl and jq. Values that nobody knows yet are its variables."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator

from app.auth0.printing.requests import (
    CLIENT_ID,
    CLIENT_SECRET,
    PrintedRequest,
    PrintedTrust,
    list_requests,
    list_scopes,
)

_VARIABLES = ("PORTICO_CLIENT_ID", "PORTICO_CLIENT_SECRET", "CONNECTION_ID", "ACTION_ID")
#: What goes on beside ours where a request replaces a whole.
_KEEP = {
    "bindings": "{bindings: ($ours.bindings + [.bindings[] | select(.action.name != $ours.bindings[0].ref.value)"
    ' | {ref: {type: "binding_id", value: .id}, display_name}])}',
    "metadata": "{metadata: ((.metadata // {}) + $ours.metadata)}",
}


def print_curl(trust: PrintedTrust) -> str:
    """Return the text."""
    return "\n".join(_lines(trust)) + "\n"


def _lines(trust: PrintedTrust) -> Iterator[str]:
    yield "#!/bin/sh"
    yield "# Needs curl and jq. The token: of an application with these scopes of the Management API:"
    yield f"# {' '.join(list_scopes(trust))}"
    yield "set -eu"
    yield ': "${AUTH0_TOKEN:?a token of the Management API}"'
    if trust.wanted.client_id == CLIENT_ID:
        yield f"# The client in Portico: portico client create --name Auth0 {_uris(trust)}"
        yield ': "${PORTICO_CLIENT_ID:?id of the client in Portico}"'
    if trust.wanted.client_secret == CLIENT_SECRET:
        yield ': "${PORTICO_CLIENT_SECRET:?its secret}"'
    yield f"AUTH0_API={shlex.quote(f'{trust.origin}/api/v2')}"
    yield 'call() { curl --silent --show-error --fail-with-body --request "$1" "$AUTH0_API$2" \\'
    yield '  --header "Authorization: Bearer $AUTH0_TOKEN" --header "Content-Type: application/json" --data "$3"; }'
    yield 'read_api() { curl --silent --show-error --fail-with-body "$AUTH0_API$1" \\'
    yield '  --header "Authorization: Bearer $AUTH0_TOKEN"; }'
    for request in list_requests(trust):
        yield ""
        yield f"# {request.title}"
        yield from _request(request)


def _uris(trust: PrintedTrust) -> str:
    return " ".join(f"--redirect-uris {shlex.quote(uri)}" for uri in trust.callbacks)


def _request(request: PrintedRequest) -> Iterator[str]:
    """Bodies pass through jq: it puts the variables in as values, whatever is in them."""
    body = json.dumps(request.body, ensure_ascii=False, indent=2)
    used = [name for name in _VARIABLES if f"${{{name}}}" in body]
    path = _shell(request.path)
    source = f"BODY=$(jq --null-input {_arguments(used)}--argjson body {shlex.quote(body)} {shlex.quote(_fill(used))})"
    yield source
    if request.keeps:
        keep = shlex.quote(f". as $now | $now | {_KEEP[request.keeps]}")
        yield f'BODY=$(read_api {path} | jq --argjson ours "$BODY" {keep})'
    if request.path.endswith("/deploy"):
        look = _shell(request.path.removesuffix("/deploy"))
        yield f"""until [ "$(read_api {look} | jq --raw-output .status)" = built ]; do sleep 1; done"""
    call = f'call {request.method} {path} "$BODY"'
    if request.captures:
        name = request.captures.strip("${}")
        yield f"{name}=$({call} | jq --raw-output .id)"
    else:
        yield call


def _arguments(used: list[str]) -> str:
    return "".join(f'--arg {name} "${name}" ' for name in used)


def _fill(used: list[str]) -> str:
    """A jq program that puts the variables into the texts of the body."""
    steps = [f'gsub("\\\\$\\\\{{{name}\\\\}}"; ${name})' for name in used]
    return f'$body | walk(if type == "string" then {" | ".join(steps)} else . end)' if steps else "$body"


def _shell(path: str) -> str:
    return f'"{path}"' if "${" in path else shlex.quote(path)
