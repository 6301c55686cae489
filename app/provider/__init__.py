"""The OpenID Provider that Auth0 trusts: discovery, authorize, token, userinfo, revocation, JWKS.

The checks of an authorization request are ours, one ordered tuple in `checks`. Authlib does the grant at the token endpoint
and authenticates clients; joserfc signs. What a login gives is one row (`models.Grant`).
"""
