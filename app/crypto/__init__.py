"""Keys: the provider's signing keys with their life cycle, and the key pairs of service providers."""

from app.crypto.jwk import Algorithm
from app.crypto.resealing import seal_anew
from app.crypto.rotation import remove_expired
from app.crypto.service_provider_key import make_service_provider_key
from app.crypto.signing_keys import ListedKey, SigningKey, SigningKeys

__all__ = [
    "Algorithm",
    "ListedKey",
    "SigningKey",
    "SigningKeys",
    "make_service_provider_key",
    "remove_expired",
    "seal_anew",
]
