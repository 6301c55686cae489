"""The trust with Auth0: one connection in the tenant, set up once, proven to stay one, kept in step with the domains."""
