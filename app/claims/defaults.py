"""Names that identity providers use for the same thing, best first. Data only; names are compared exactly.

A name that means different things at different providers stands only where it is safe: Entra's `.../claims/name` is a user
principal name and therefore no display name, and no user principal name counts as an e-mail address.
"""

from __future__ import annotations

from portico_sdk import ClaimRule, ClaimRules, Transform

_XMLSOAP = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"
_MICROSOFT = "http://schemas.microsoft.com/identity/claims"
_ROLE = "http://schemas.microsoft.com/ws/2008/06/identity/claims"
_TRIM = (Transform("trim"),)

EMAIL_SOURCES = (
    "email",
    f"{_XMLSOAP}/emailaddress",
    "urn:oid:0.9.2342.19200300.100.1.3",  # mail
    "mail",
    "Email",
    "User.email",
    "user.email",
    "emailAddress",
    "EmailAddress",
    "emailaddress",
    "email_address",
    "Mail",
    "E-Mail Address",
    "urn:mace:dir:attribute-def:mail",
    "http://schemas.xmlsoap.org/claims/EmailAddress",
    "urn:oid:1.2.840.113549.1.9.1",  # emailAddress
    "NameID",  # last: often the address, and dropped where it is not shaped like one
)

NAME_SOURCES = (
    "name",
    f"{_MICROSOFT}/displayname",
    "urn:oid:2.16.840.1.113730.3.1.241",  # displayName
    "displayName",
    "displayname",
    "DisplayName",
    "display_name",
    "Display Name",
    "urn:mace:dir:attribute-def:displayName",
    "http://schemas.xmlsoap.org/claims/CommonName",
    "urn:oid:2.5.4.3",  # cn
    "cn",
    "fullName",
    "FullName",
    "full_name",
    "Full Name",
    "User.FullName",
)

GIVEN_NAME_SOURCES = (
    "given_name",
    f"{_XMLSOAP}/givenname",
    "urn:oid:2.5.4.42",  # givenName
    "givenName",
    "givenname",
    "GivenName",
    "firstName",
    "FirstName",
    "firstname",
    "first_name",
    "First Name",
    "User.FirstName",
    "user.firstName",
    "urn:mace:dir:attribute-def:givenName",
)

FAMILY_NAME_SOURCES = (
    "family_name",
    f"{_XMLSOAP}/surname",
    "urn:oid:2.5.4.4",  # sn
    "sn",
    "surname",
    "Surname",
    "lastName",
    "LastName",
    "lastname",
    "last_name",
    "Last Name",
    "familyName",
    "User.LastName",
    "user.lastName",
    "urn:mace:dir:attribute-def:sn",
)

USERNAME_SOURCES = (
    "preferred_username",
    f"{_XMLSOAP}/upn",
    "upn",
    f"{_XMLSOAP}/name",  # a user principal name at Entra and ADFS
    "http://schemas.xmlsoap.org/claims/UPN",
    "unique_name",
    "urn:oid:1.3.6.1.4.1.5923.1.1.1.6",  # eduPersonPrincipalName
    "eduPersonPrincipalName",
    "urn:oid:0.9.2342.19200300.100.1.1",  # uid
    "uid",
    "username",
    "Username",
    "userName",
    "login",
    "Login",
    f"{_ROLE}/windowsaccountname",
)

GROUPS_SOURCES = (
    "groups",
    f"{_ROLE}/groups",
    "http://schemas.xmlsoap.org/claims/Group",
    "Groups",
    "group",
    "Group",
    "memberOf",
    "memberof",
    "MemberOf",
    "urn:oid:1.3.6.1.4.1.5923.1.5.1.1",  # isMemberOf
    "isMemberOf",
    "urn:oid:1.2.840.113556.1.2.102",  # memberOf
)

ROLES_SOURCES = (
    "roles",
    f"{_ROLE}/role",
    "Roles",
    "role",
    "Role",
    "realm_access.roles",
)

#: What a connection without rules of its own, on an adapter without rules of its own, goes by.
DEFAULT_RULES: ClaimRules = (
    ClaimRule("email", EMAIL_SOURCES, (Transform("trim"), Transform("lower"))),
    ClaimRule("name", NAME_SOURCES, _TRIM),
    ClaimRule("given_name", GIVEN_NAME_SOURCES, _TRIM),
    ClaimRule("family_name", FAMILY_NAME_SOURCES, _TRIM),
    ClaimRule("preferred_username", USERNAME_SOURCES, _TRIM),
    ClaimRule("groups", GROUPS_SOURCES, _TRIM),
    ClaimRule("roles", ROLES_SOURCES, _TRIM),
)
