"""The OpenID Connect side: authorization code flow, discovery, userinfo."""
