"""The SAML 2.0 side: Web Browser SSO profile, requests by Redirect and POST, responses by POST."""
