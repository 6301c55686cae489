"""`/organizations`: the record, its members, its discovery domains."""

from __future__ import annotations

from app.demo.standin.management.call import Call, Record, Reply
from app.demo.standin.management.paging import Pages, check_query
from app.demo.standin.management.payload import Shape, check_metadata, check_object, check_pattern
from app.demo.standin.management.refusals import ApiRefused, invalid_body, not_there
from app.demo.standin.tenant.ids import make_id
from app.demo.standin.tenant.organizations import Organization

_SHAPE: Shape = {"name": str, "display_name": str, "branding": dict, "metadata": dict}
_NAME = r"[a-z0-9]([a-z0-9_-]*[a-z0-9])?"
_PAGING = ("from", "take", "page", "per_page", "include_totals")
_PAGES = Pages("organizations", lambda record: str(record["id"]))
_MEMBER_PAGES = Pages("members", lambda record: str(record["user_id"]))
_MOST_MEMBERS, _MOST_METADATA = 10, 25


def list_organizations(call: Call) -> Reply:
    """Every organization."""
    check_query(call.query, (*_PAGING, "sort"))
    return Reply(_PAGES.give(call, [organization.record for organization in call.tenant.organizations]))


def get_organization(call: Call) -> Reply:
    """One, by its id."""
    return Reply(find(call).record)


def get_organization_by_name(call: Call) -> Reply:
    """One, by its name."""
    found = next((entry for entry in call.tenant.organizations if entry.name == call.path["name"]), None)
    if found is None:
        raise not_there("organization", "inexistent_organization")
    return Reply(found.record)


def create_organization(call: Call) -> Reply:
    """A new organization; its name is unique."""
    body = check_object(call.body, _SHAPE, ("name",))
    _check(call, body)
    record = {"id": make_id("org_", call.tenant.random), "display_name": body["name"]} | body
    return Reply(call.tenant.organizations.add(record).record, 201)


def update_organization(call: Call) -> Reply:
    """Change it. `metadata` and `branding` are replaced as a whole."""
    organization = find(call)
    body = check_object(call.body, _SHAPE)
    _check(call, body, organization)
    organization.record |= body
    return Reply(organization.record)


def delete_organization(call: Call) -> Reply:
    """It goes, with its members and connections."""
    call.tenant.organizations.remove(find(call).id)
    return Reply(status=204)


def list_members(call: Call) -> Reply:
    """Who belongs to it."""
    check_query(call.query, (*_PAGING, "fields", "include_fields"))
    members = [_member(call, user_id) for user_id in find(call).members]
    return Reply(_MEMBER_PAGES.give(call, members))


def add_members(call: Call) -> Reply:
    """Up to ten users at once."""
    organization, user_ids = find(call), _read_members(call)
    for user_id in user_ids:
        if call.tenant.users.find(user_id) is None:
            raise ApiRefused(400, f"One or more of the users specified do not exist: {user_id}", "invalid_body")
    for user_id in user_ids:
        organization.members.setdefault(user_id, "api")
    return Reply(status=204)


def remove_members(call: Call) -> Reply:
    """Up to ten users at once."""
    organization = find(call)
    for user_id in _read_members(call):
        organization.members.pop(user_id, None)
    return Reply(status=204)


def find(call: Call) -> Organization:
    """Return the organization of the path. Raises ApiRefused (404)."""
    found = next((entry for entry in call.tenant.organizations if entry.id == call.path["id"]), None)
    if found is None:
        raise not_there("organization", "inexistent_organization")
    return found


def _check(call: Call, body: Record, present: Organization | None = None) -> None:
    check_metadata(body.get("metadata", {}), most=_MOST_METADATA)
    if "name" not in body:
        return
    check_pattern("name", body["name"], _NAME, 50)
    other = next((entry for entry in call.tenant.organizations if entry.name == body["name"]), None)
    if other not in (None, present):
        raise ApiRefused(409, "An organization with this name already exists.", "organization_conflict")


def _read_members(call: Call) -> list[str]:
    body = check_object(call.body, {"members": list}, ("members",))
    user_ids = body["members"]
    if not 1 <= len(user_ids) <= _MOST_MEMBERS or not all(isinstance(entry, str) for entry in user_ids):
        raise invalid_body(f"Expected an array of 1 to {_MOST_MEMBERS} strings on property members")
    return list(user_ids)


def _member(call: Call, user_id: str) -> Record:
    record = call.tenant.users.find(user_id) or {}
    shown = {name: record[name] for name in ("name", "email", "picture") if name in record}
    return {"user_id": user_id} | shown
