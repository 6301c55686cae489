"""Domains of an organization."""
