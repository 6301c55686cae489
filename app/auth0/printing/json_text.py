"""As JSON."""

from __future__ import annotations

import json
from typing import Any

from app.auth0.printing.requests import (
    ACTION_ID,
    CLIENT_ID,
    CLIENT_SECRET,
    CONNECTION_ID,
    PrintedTrust,
    list_requests,
    list_scopes,
)

_PLACEHOLDERS = {
    CLIENT_ID: "the client in Portico: portico client create",
    CLIENT_SECRET: "its secret, shown once",
    CONNECTION_ID: "id in the answer that made the connection",
    ACTION_ID: "id in the answer that made the Action",
}


def describe(trust: PrintedTrust) -> dict[str, Any]:
    """Return the requests as JSON values, with what their placeholders stand for."""
    requests = [
        {
            "title": request.title,
            "method": request.method,
            "path": f"/api/v2{request.path}",
            "body": request.body,
            **({"keep": f"the other {request.keeps} that are there now"} if request.keeps else {}),
        }
        for request in list_requests(trust)
    ]
    text = json.dumps(requests)
    return {
        "tenant": trust.origin,
        "redirect_uris": list(trust.callbacks),
        "scopes": list(list_scopes(trust)),
        "placeholders": {name: meaning for name, meaning in _PLACEHOLDERS.items() if name in text},
        "requests": requests,
    }


def print_json(trust: PrintedTrust) -> str:
    """Return the text."""
    return json.dumps(describe(trust), ensure_ascii=False, indent=2)
