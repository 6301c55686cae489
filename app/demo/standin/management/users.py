"""`/users` and `/users-by-email`: profiles, and the linking of identities."""

from __future__ import annotations

from app.demo.standin.management.call import Call, Record, Reply
from app.demo.standin.management.paging import Pages, check_query, choose_fields
from app.demo.standin.management.payload import Shape, check_object
from app.demo.standin.management.refusals import ApiRefused, invalid_body, invalid_query, not_there
from app.demo.standin.management.search import parse_query

_LIST = ("page", "per_page", "include_totals", "sort", "connection", "fields", "include_fields", "q", "search_engine")
_CHANGEABLE: Shape = {"app_metadata": dict, "user_metadata": dict, "blocked": bool, "name": str, "nickname": str}
_PAGES = Pages("users")
_ORGANIZATION_PAGES = Pages("organizations", lambda record: str(record["id"]))


def list_users(call: Call) -> Reply:
    """Who matches `q`. A tenant's index lags behind; nobody may rely on it within a login."""
    check_query(call.query, (*_LIST, "primary_order"))
    if call.query.get("search_engine", "v3") != "v3":
        raise invalid_query("No enum match on property search_engine")
    matches, choose = parse_query(call.query.get("q", "")), choose_fields(call.query)
    connection = call.query.get("connection")
    found = [
        choose(record)
        for record in call.tenant.users
        if matches(record) and (connection is None or record["identities"][0]["connection"] == connection)
    ]
    return Reply(_PAGES.give(call, found))


def list_users_by_email(call: Call) -> Reply:
    """Whose e-mail is exactly this, in lower case."""
    check_query(call.query, ("email", "fields", "include_fields"))
    if "email" not in call.query:
        raise invalid_query("Missing required property: email")
    email, choose = call.query["email"], choose_fields(call.query)
    return Reply([choose(record) for record in call.tenant.users if record.get("email") == email])


def get_user(call: Call) -> Reply:
    """One profile; only the id of its primary identity finds it."""
    check_query(call.query, ("fields", "include_fields"))
    return Reply(choose_fields(call.query)(_find(call)))


def update_user(call: Call) -> Reply:
    """Change it. Both metadata are merged on their first level; null removes a property."""
    record = _find(call)
    body = check_object(call.body, _CHANGEABLE)
    app, user = body.pop("app_metadata", {}), body.pop("user_metadata", {})
    call.tenant.users.merge_metadata(record, app, user)
    record |= body
    return Reply(record)


def delete_user(call: Call) -> Reply:
    """It goes with all its identities and memberships."""
    call.tenant.users.remove(call.path["id"])
    call.tenant.organizations.forget_user(call.path["id"])
    return Reply(status=204)


def list_user_organizations(call: Call) -> Reply:
    """Where the user is a member."""
    check_query(call.query, ("page", "per_page", "include_totals", "take", "from"))
    user_id = str(_find(call)["user_id"])
    joined = [entry.record for entry in call.tenant.organizations if user_id in entry.members]
    return Reply(_ORGANIZATION_PAGES.give(call, joined))


def link_identity(call: Call) -> Reply:
    """Make another profile a secondary identity of this one; the other profile is gone, with its memberships."""
    primary = _find(call)
    shape: Shape = {"provider": str, "user_id": str, "connection_id": str}
    body = check_object(call.body, shape, ("provider", "user_id"))
    provider, identity_id = body["provider"], body["user_id"].removeprefix(f"{body['provider']}|")
    found = call.tenant.users.find_identity(provider, identity_id)
    if found is None:
        raise not_there("user", "inexistent_user")
    if found.record is primary:
        if found.primary:
            raise ApiRefused(400, "Main identity and the new one are the same.", "operation_not_supported")
        raise ApiRefused(409, "The identity is already linked to this user", "identity_conflict")
    if not found.primary:
        raise ApiRefused(409, "The identity is already linked to another user", "identity_conflict")
    call.tenant.organizations.forget_user(found.record["user_id"])
    call.tenant.users.link(primary, found.record)
    return Reply(primary["identities"], 201)


def unlink_identity(call: Call) -> Reply:
    """Take a secondary identity away; it becomes a profile of its own."""
    record = _find(call)
    for position, identity in enumerate(record["identities"]):
        if (identity["provider"], identity["user_id"]) == (call.path["provider"], call.path["identity_id"]):
            if position == 0:
                raise ApiRefused(400, "Main identity can't be unlinked.", "operation_not_supported")
            call.tenant.users.unlink(record, position, call.tenant.now())
            return Reply(record["identities"])
    raise invalid_body("The identity is not linked to this user")


def _find(call: Call) -> Record:
    record = call.tenant.users.find(call.path["id"])
    if record is None:
        raise ApiRefused(404, "The user does not exist.", "inexistent_user")
    return record
