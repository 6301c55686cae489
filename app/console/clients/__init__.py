"""Clients of the OpenID Provider, such as Auth0 tenants, with their secrets."""
