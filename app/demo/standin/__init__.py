"""A stand-in for Auth0: the relying party of one upstream OIDC connection, and the provider of the applications behind it.

As strict as what is known of Auth0's engine: the union of the checks of openid-client 5 and oauth4webapi, with their
messages, so that whoever passes here has no reason to fail there. It is not Auth0: a tenant has many more features.
"""
