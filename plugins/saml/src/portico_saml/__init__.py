"""Generic SAML 2.0 adapter for Portico."""
