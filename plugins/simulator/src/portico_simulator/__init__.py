"""Identity providers that behave like each vendor's, for demos and tests."""
