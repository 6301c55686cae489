"""The endpoints that applications of the tenant call, and the documents it publishes."""

from __future__ import annotations

from flask import Blueprint, jsonify, make_response, request
from joserfc.jwk import RSAKey
from werkzeug import Response

from app.demo.standin.applications.issue import Issuer, TokenRefused
from app.demo.standin.settings import Tenant


def application_routes(tenant: Tenant, issuer: Issuer) -> Blueprint:
    """Return token, userinfo, discovery and the two key sets: the tenant's own, and its connection's."""
    routes = Blueprint("applications", __name__)

    @routes.post("/oauth/token")
    def token() -> Response:
        try:
            body = issuer.redeem({name: request.form[name] for name in request.form})
        except TokenRefused as refused:
            return make_response(jsonify({"error": str(refused)}), 401 if str(refused) == "access_denied" else 403)
        return jsonify(body)

    @routes.get("/userinfo")
    def userinfo() -> Response:
        claims = issuer.userinfo(request.headers.get("Authorization", "").removeprefix("Bearer "))
        return make_response("Unauthorized", 401) if claims is None else jsonify(claims)

    @routes.get("/.well-known/openid-configuration")
    def discovery() -> Response:
        return jsonify(
            {
                "issuer": tenant.issuer,
                "authorization_endpoint": f"{tenant.base_url}/authorize",
                "token_endpoint": f"{tenant.base_url}/oauth/token",
                "userinfo_endpoint": f"{tenant.base_url}/userinfo",
                "jwks_uri": f"{tenant.base_url}/.well-known/jwks.json",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    @routes.get("/.well-known/jwks.json")
    def jwks() -> Response:
        return jsonify(issuer.jwks())

    @routes.get(f"/oauth/connection/{tenant.connection.name}/.well-known/jwks.json")
    def connection_keys() -> Response:
        """Serve the public key of the connection's client assertions (private_key_jwt)."""
        pem = tenant.connection.private_key_pem
        if pem is None:
            return jsonify({"keys": []})
        key = RSAKey.import_key(pem)
        key.ensure_kid()
        return jsonify({"keys": [key.as_dict(private=False) | {"use": "sig", "alg": "RS256"}]})

    return routes
