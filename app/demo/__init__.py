"""The demo: a stand-in for Auth0, an application behind it, simulated customers, and the gateway between them.

`python -m app.demo` (`make demo`) runs it. Every peer is a process of its own on loopback. Nothing here reaches into the
gateway: the demo uses its commands, its management API and its OpenID Provider, as anybody outside would.
"""
