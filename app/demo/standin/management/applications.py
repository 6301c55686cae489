"""`/clients` and `/custom-domains`."""

from __future__ import annotations

from app.demo.standin.management.call import Call, Record, Reply
from app.demo.standin.management.paging import Pages, check_query, choose_fields
from app.demo.standin.management.payload import Shape, check_metadata, check_object
from app.demo.standin.management.refusals import not_there

_CHANGEABLE: Shape = {
    "name": str,
    "description": str,
    "callbacks": list,
    "allowed_logout_urls": list,
    "allowed_origins": list,
    "web_origins": list,
    "grant_types": list,
    "client_metadata": dict,
    "initiate_login_uri": str,
    "oidc_logout": dict,
    "organization_usage": ("deny", "allow", "require"),
    "organization_require_behavior": ("no_prompt", "pre_login_prompt", "post_login_prompt"),
    "organization_discovery_methods": list,
}
_LIST = ("page", "per_page", "include_totals", "fields", "include_fields", "is_global", "is_first_party", "app_type")
_PAGES = Pages("clients")


def list_applications(call: Call) -> Reply:
    """Every application; secrets only for whoever may read them."""
    check_query(call.query, (*_LIST, "take", "from", "q"))
    choose = choose_fields(call.query)
    records = [choose(_show(call, record)) for record in call.tenant.applications]
    return Reply(_PAGES.give(call, records), secret=any("client_secret" in record for record in records))


def get_application(call: Call) -> Reply:
    """One of them."""
    check_query(call.query, ("fields", "include_fields"))
    shown = choose_fields(call.query)(_show(call, _find(call)))
    return Reply(shown, secret="client_secret" in shown)


def update_application(call: Call) -> Reply:
    """Change it; lists are replaced as a whole, `client_metadata` is merged and null removes a property."""
    record = _find(call)
    body = check_object(call.body, _CHANGEABLE)
    merged = record.get("client_metadata", {}) | body.pop("client_metadata", {})
    merged = {name: value for name, value in merged.items() if value is not None}
    check_metadata(merged, "client_metadata")
    record |= body | {"client_metadata": merged}
    return Reply(_show(call, record))


def list_custom_domains(call: Call) -> Reply:
    """The addresses under which the tenant answers beside its own."""
    shown = [
        {"custom_domain_id": f"cd_{number:016d}", "domain": domain, "primary": number == 0, "status": "ready"}
        for number, domain in enumerate(call.tenant.custom_domains)
    ]
    return Reply(shown)


def _find(call: Call) -> Record:
    record = call.tenant.applications.records.get(call.path["id"])
    if record is None:
        raise not_there("client", "inexistent_client")
    return record


def _show(call: Call, record: Record) -> Record:
    if call.may("read:client_keys"):
        return dict(record)
    return {name: value for name, value in record.items() if name != "client_secret"}
