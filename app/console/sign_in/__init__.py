"""Becoming an operator, signing in and out, and one's own account."""
