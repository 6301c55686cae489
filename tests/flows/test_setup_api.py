"""The setup portal's ground through the management API of a real gateway: links, contacts, DNS, drafts."""

from __future__ import annotations

import re

import pytest

from tests.support.certificates import make_certified
from tests.support.gateway import Gateway
from tests.support.management import Refused
from tests.support.saml_customer import SamlCustomer


def test_a_setup_link_by_the_api(gateway: Gateway) -> None:
    """outside.md: `{id, url, expires_at}`; a contact is required where it can touch an active connection."""
    customer = SamlCustomer(gateway)
    path = f"/organizations/{customer.organization_id}/setup-links"
    with pytest.raises(Refused) as lacking:
        gateway.api.post(path, features=["sso"])
    assert lacking.value.status == 422
    assert [error["field"] for error in lacking.value.body["errors"]] == ["contact"]
    made = gateway.api.post(path, features=["sso"], contact="mira@halden.example", expires_in_s=3600, send=True)
    assert re.fullmatch(rf"{re.escape(gateway.base_url)}/setup/[A-Za-z0-9_-]{{43}}", made["url"])
    assert made["id"].startswith("lnk-")
    assert made["expires_at"]
    shown = gateway.api.get(f"{path}/{made['id']}")
    assert (shown["state"], shown["opened_at"]) == ("open", None)
    assert "url" not in shown
    again = gateway.api.post(f"{path}/{made['id']}/resend")
    assert again["url"] != made["url"]
    assert gateway.api.post(f"{path}/{made['id']}/revoke")["state"] == "revoked"


def test_a_change_of_what_is_active_beside_it(gateway: Gateway) -> None:
    customer = SamlCustomer(gateway)
    path = f"/connections/{customer.id}"
    gateway.api.post(f"{path}/certificates", certificates=[make_certified("new").certificate_pem])
    draft = gateway.api.get(f"{path}/draft")
    assert (draft["draft"], draft["tested"], draft["certificates_only"]) == (True, False, True)
    with pytest.raises(Refused) as untested:
        gateway.api.post(f"{path}/draft/activate")
    assert untested.value.body["code"] == "draft-untested"
    gateway.api.post(f"{path}/draft/activate", skip_test=True)
    listed = gateway.api.get(f"{path}/certificates")["items"]
    assert [one["stands"] for one in listed] == ["active", "active"]
    with pytest.raises(Refused) as unproven:
        gateway.api.delete(f"{path}/certificates/{listed[0]['sha256']}")
    assert unproven.value.body["code"] == "certificate-unproven"


def test_our_keys_by_the_api(gateway: Gateway) -> None:
    """Item 6: a published successor."""
    path = f"/connections/{SamlCustomer(gateway).id}/keys"
    assert [key["role"] for key in gateway.api.post(path)["items"]] == ["current", "next"]
    assert [key["role"] for key in gateway.api.post(f"{path}/use-next")["items"]] == ["current", "previous"]
    assert [key["role"] for key in gateway.api.post(f"{path}/remove-second")["items"]] == ["current"]


def test_a_domain_that_nobody_serves_is_told_as_that(gateway: Gateway) -> None:
    """`POST .../domains/{domain}/check` answers what was found, whatever it was; here DNS is out of reach or empty."""
    organization = gateway.api.add_organization()["id"]
    path = f"/organizations/{organization}/domains"
    gateway.api.post(path, domain="never-registered-anywhere.example")
    checked = gateway.api.post(f"{path}/never-registered-anywhere.example/check")
    assert checked["status"] == "pending"
    assert checked["last_answer"]["outcome"] in ("no-zone", "servfail", "timeout")
    assert checked["next_check_at"]
