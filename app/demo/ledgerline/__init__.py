"""Ledgerline: a small application behind Auth0. It knows one issuer, Auth0's, and nothing of SAML or of any customer."""
