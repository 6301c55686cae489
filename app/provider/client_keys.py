"""Public keys of clients with `private_key_jwt`: fetched through the guard, stored, never trusted long."""

from __future__ import annotations

import json
from datetime import datetime

from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from app.outbound import DocumentStore
from portico_sdk import ProviderUnreachable

MAX_AGE_S = 600
MAX_KEYS = 50


class ClientKeys:
    """Key sets by client. The store refetches at most once a minute, and serves a stale copy on failure."""

    def __init__(self, documents: DocumentStore) -> None:
        self._documents = documents

    def keys(self, client_id: str, jwks_uri: str, *, newer_than: datetime | None, now: datetime) -> KeySet:
        """Return the client's keys. Raises ProviderUnreachable: nothing was ever fetched, or it is not a key set."""
        document = self._documents.get(client_id, jwks_uri, max_age_s=MAX_AGE_S, newer_than=newer_than)
        try:
            keys = json.loads(document.body)["keys"][:MAX_KEYS]
            return KeySet.import_key_set({"keys": [key for key in keys if "d" not in key and key["kty"] != "oct"]})
        except (ValueError, KeyError, TypeError, JoseError) as error:
            raise ProviderUnreachable("jwks-malformed", f"{jwks_uri} gives no key set") from error
