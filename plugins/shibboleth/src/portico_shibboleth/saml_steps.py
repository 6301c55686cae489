"""Setting up a Shibboleth identity provider, file by file."""

from __future__ import annotations

from typing import Final

from portico_sdk import SetupStep

#: For conf/metadata-providers.xml.
METADATA_PROVIDER: Final = """\
<MetadataProvider id="Portico" xsi:type="FileBackedHTTPMetadataProvider"
    backingFile="%{idp.home}/metadata/portico.xml"
    metadataURL="OUR METADATA URL"/>
"""

#: For conf/attribute-filter.xml.
ATTRIBUTE_FILTER: Final = """\
<AttributeFilterPolicy id="Portico">
    <PolicyRequirementRule xsi:type="Requester" value="OUR ENTITY ID"/>
    <AttributeRule attributeID="samlSubjectID" permitAny="true"/>
    <AttributeRule attributeID="mail" permitAny="true"/>
    <AttributeRule attributeID="givenName" permitAny="true"/>
    <AttributeRule attributeID="sn" permitAny="true"/>
    <AttributeRule attributeID="displayName" permitAny="true"/>
    <AttributeRule attributeID="eduPersonPrincipalName" permitAny="true"/>
    <AttributeRule attributeID="isMemberOf" permitAny="true"/>
</AttributeFilterPolicy>
"""

STEPS: tuple[SetupStep, ...] = (
    SetupStep(
        "register",
        "Make us known to your identity provider",
        "Register our metadata with your federation, or add it to conf/metadata-providers.xml and put our metadata URL in "
        "its place. A provider that does not know us shows an error and sends nobody back.",
        copies=(("metadata_url", "metadataURL"), ("entity_id", "entityID"), ("acs_url", "AssertionConsumerService")),
        snippets=(("conf/metadata-providers.xml", METADATA_PROVIDER),),
    ),
    SetupStep(
        "attributes",
        "Release e-mail address, name and groups",
        "Nothing is released without a policy. Add this one to conf/attribute-filter.xml with our entity ID in its place. "
        "samlSubjectID names people for good; pairwise-id or eduPersonTargetedID do as well.",
        copies=(("entity_id", "Requester"),),
        snippets=(("conf/attribute-filter.xml", ATTRIBUTE_FILTER),),
    ),
    SetupStep(
        "give-metadata",
        "Give us your metadata",
        "Best is the federation's address for your provider alone (MDQ); we read it again every day. The address "
        "/idp/shibboleth of your own server shows what was true when it was installed.",
        asks=("metadata_url",),
    ),
    SetupStep(
        "check-values",
        "Check its address and certificates",
        "Compare them with your metadata. Leave all signing certificates in, that of the back channel too.",
        asks=("idp_entity_id", "sso_url", "certificates"),
    ),
    SetupStep(
        "assign-people",
        "Say who may sign in",
        "Shibboleth lets in everybody who can authenticate. To let in fewer, switch on the context-check interceptor for "
        "our entity ID in conf/relying-party.xml.",
    ),
)
