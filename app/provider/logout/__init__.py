"""Logout at the OpenID Provider: what an application asks for, and how applications hear of what providers demanded.

Spec: OpenID Connect RP-Initiated Logout 1.0.
"""
