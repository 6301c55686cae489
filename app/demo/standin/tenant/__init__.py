"""What a tenant keeps: connections, applications, organizations, users, Actions, its log. Knows no HTTP.

Every record is in the shape in which the Management API gives it, so that what is written there is what a login reads.
"""
