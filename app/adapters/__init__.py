"""The registry of adapters: finds plug-ins, checks them against the contract, and keeps them from harming each other."""

from app.adapters.first_party import FIRST_PARTY, RESERVED_KEYS
from app.adapters.loader import FailedPlugin, RegisteredAdapter
from app.adapters.registry import AdapterUnavailable, Registry

__all__ = ["FIRST_PARTY", "RESERVED_KEYS", "AdapterUnavailable", "FailedPlugin", "RegisteredAdapter", "Registry"]
