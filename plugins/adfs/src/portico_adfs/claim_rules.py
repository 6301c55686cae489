"""The rules that an administrator pastes into AD FS, in its claim rule language."""

from __future__ import annotations

from typing import Final

XMLSOAP: Final = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"
ROLE: Final = "http://schemas.microsoft.com/ws/2008/06/identity/claims"
GROUP: Final = "http://schemas.xmlsoap.org/claims/Group"

#: One rule that reads the directory: mailbox, names, user principal name and unqualified group names.
ATTRIBUTES_RULE: Final = f"""\
@RuleTemplate = "LdapClaims"
@RuleName = "Attributes"
c:[Type == "{ROLE}/windowsaccountname", Issuer == "AD AUTHORITY"]
 => issue(store = "Active Directory",
    types = ("{XMLSOAP}/emailaddress",
             "{XMLSOAP}/givenname",
             "{XMLSOAP}/surname",
             "{XMLSOAP}/upn",
             "{GROUP}"),
    query = ";mail,givenName,sn,userPrincipalName,tokenGroups;{{0}}", param = c.Value);
"""

#: The security identifier as a persistent NameID: it is never given to another account.
NAME_ID_RULE: Final = f"""\
@RuleName = "Persistent NameID"
c:[Type == "{ROLE}/primarysid"]
 => issue(Type = "{XMLSOAP}/nameidentifier",
    Issuer = c.Issuer, OriginalIssuer = c.OriginalIssuer, Value = c.Value, ValueType = c.ValueType,
    Properties["{XMLSOAP.replace("claims", "claimproperties")}/format"]
      = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent");
"""

#: For an application group: what the ID token says beyond its fixed few claims.
WEB_API_RULE: Final = """\
@RuleTemplate = "LdapClaims"
@RuleName = "ID token claims"
c:[Type == "http://schemas.microsoft.com/ws/2008/06/identity/claims/windowsaccountname", Issuer == "AD AUTHORITY"]
 => issue(store = "Active Directory",
    types = ("email", "given_name", "family_name", "group"),
    query = ";mail,givenName,sn,tokenGroups;{0}", param = c.Value);
"""

#: PowerShell: allows the Web API's claims in the ID token.
GRANT: Final = (
    "Grant-AdfsApplicationPermission -ClientRoleIdentifier '<Client Identifier>' "
    "-ServerRoleIdentifier '<Web API identifier>' -ScopeNames allatclaims,openid"
)

#: PowerShell: one minute of slack before now, for clocks that differ.
NOT_BEFORE_SKEW: Final = "Set-AdfsRelyingPartyTrust -TargetName '<Display name>' -NotBeforeSkew 1"
