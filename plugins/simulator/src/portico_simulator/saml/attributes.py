"""Writing the AttributeStatement: which attributes, with which values, in how many elements."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from portico_simulator.idp import Idp
from portico_simulator.people import Person
from portico_simulator.profiles import ReleasedAttribute, SamlProfile
from portico_simulator.released import values
from portico_simulator.saml.names import SAML, XSI, element

Released = tuple[ReleasedAttribute, tuple[str, ...]]


def write_attributes(assertion: etree._Element, idp: Idp[SamlProfile], person: Person) -> None:
    """Append the statement, or nothing: an empty one is not allowed (core 2.7.3)."""
    released = list(released_attributes(idp, person))
    if not released:
        return
    writing = idp.profile.writing
    statement = element(assertion, SAML, "AttributeStatement")
    for rule, given in released:
        named = {"Name": rule.name} | ({"NameFormat": rule.name_format} if rule.name_format else {})
        shares = [(value,) for value in given] if writing.repeat_attributes and given else [given]
        for share in shares:
            attribute = element(statement, SAML, "Attribute", None, named)
            for value in share:
                typed = {f"{{{XSI}}}type": "xs:string"} if writing.typed_values else {}
                element(attribute, SAML, "AttributeValue", value, typed)


def released_attributes(idp: Idp[SamlProfile], person: Person) -> Iterator[Released]:
    """Yield each attribute with its values, as the vendor's habits and then the behaviour have it."""
    behaviour = idp.behaviour(person)
    rules = {rule.name: rule for rule in idp.profile.attributes}
    for rule in idp.profile.attributes:
        if rule.name in behaviour.leave_out or rule.name in behaviour.write:
            continue
        yield from _release(idp, person, rule)
    for name, value in behaviour.write.items():
        given = tuple(map(str, value)) if isinstance(value, list | tuple) else (str(value),)
        yield rules.get(name, ReleasedAttribute(name, "nothing")), given


def _release(idp: Idp[SamlProfile], person: Person, rule: ReleasedAttribute) -> Iterator[Released]:
    given = values(idp, person, rule.source)
    overage = idp.profile.overage
    if overage is not None and overage.of == rule.name and len(given) > overage.limit:
        if overage.attribute:
            link = overage.value.format_map({**idp.names, "person": person.id})
            yield ReleasedAttribute(overage.attribute, "nothing"), (link,)
        return
    if given or rule.always:
        yield rule, (rule.joined.join(given),) if rule.joined and given else given
