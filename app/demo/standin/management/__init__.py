"""The subset of Auth0's Management API that Portico, its tests and its guides use: `/api/v2/...`.

Bodies, errors, scopes, paging and limits are those of recorded traffic and of the official SDKs.
"""
