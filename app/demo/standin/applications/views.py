"""The endpoints that applications of the tenant call, and the documents it publishes."""

from __future__ import annotations

from flask import Blueprint, jsonify, make_response, request
from joserfc.jwk import RSAKey
from werkzeug import Response

from app.demo.standin.applications.issue import Issuer, TokenRefused
from app.demo.standin.management.tokens import TokenDenied, issue_token
from app.demo.standin.tenant.state import Tenant


def application_routes(tenant: Tenant, issuer: Issuer, key: RSAKey) -> Blueprint:
    """Return token, userinfo, discovery and the key sets: the tenant's own, and one for each connection.

    Args:
        key: signs the tenant's tokens.
    """
    routes = Blueprint("applications", __name__)

    @routes.post("/oauth/token")
    def token() -> Response:
        form = _read_form()
        try:
            if form.get("grant_type") == "client_credentials":
                return jsonify(issue_token(tenant, key, form))
            body = issuer.redeem(form)
        except TokenDenied as denied:
            return make_response(jsonify(denied.body), denied.status)
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
                "end_session_endpoint": f"{tenant.base_url}/oidc/logout",
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

    @routes.get("/oauth/connection/<name>/.well-known/jwks.json")
    def connection_keys(name: str) -> Response:
        """Serve the public key of the connection's client assertions (private_key_jwt)."""
        connection = tenant.connections.find_named(name)
        if connection is None:
            return make_response(jsonify({"error": "Not Found"}), 404)
        return jsonify(connection.jwks())

    return routes


def _read_form() -> dict[str, str]:
    """Return the parameters of a token request: a form, or JSON as Auth0's own libraries send it."""
    if request.is_json:
        body = request.get_json(silent=True)
        return {name: str(value) for name, value in body.items()} if isinstance(body, dict) else {}
    return {name: request.form[name] for name in request.form}
