"""Generic OpenID Connect adapter for Portico."""
