"""The tenant's other face: the OpenID Provider of the applications behind it."""
