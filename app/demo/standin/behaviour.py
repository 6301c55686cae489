"""Where nobody outside knows what Auth0 does: one switch for each, so that tests run both ways."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How this tenant behaves where documents are silent, or say it only in passing.

    Args:
        membership_required: nobody signs in to an organization without being its member; looked at before any Action.
        auto_membership: when `assign_membership_on_login` writes the membership, as seen from the Action that may deny.
        linked_attributes: where a login by a secondary identity leaves what upstream said: in that identity's
            `profileData`, or at the root of the profile as well.
        default_type: `options.type` where a connection was created without one.
        default_algorithms: what an ID token may be signed with where the connection does not say.
        patch_refreshes_metadata: a PATCH of `options` without `oidc_metadata` reads the discovery document again.
        enabled_clients_in_connection: the deprecated property is still in GET, and still taken by PATCH.
        login_hint_without_alias: the e-mail typed or sent is forwarded although `upstream_params` do not name it.
        alias_takes_identifier: the alias `login_hint` forwards what was typed into the identifier-first page.
        clock_tolerance_s: of the checks of an ID token's times; 0 and 30 are the two engines' defaults.
        longest_user_id: characters.
        federated_return: whose address upstream gets as `post_logout_redirect_uri`: the application's, the tenant's, none.
        federated_id_token_hint: the ID token of the session goes along.
        federated_client_id: the client id at the provider goes along.
        revocation: `okta` checks the revocation token by Okta's profile; `refused` is a tenant that takes none from
            a generic `oidc` connection.
        action_build_reads: how often an Action has to be read until it is `built`.
    """

    membership_required: bool = True
    auto_membership: Literal["before_action", "after_action"] = "before_action"
    linked_attributes: Literal["identity", "root"] = "identity"
    default_type: Literal["back_channel", "front_channel"] = "back_channel"
    default_algorithms: tuple[str, ...] = ("RS256",)
    patch_refreshes_metadata: bool = True
    enabled_clients_in_connection: bool = False
    login_hint_without_alias: bool = False
    alias_takes_identifier: bool = True
    clock_tolerance_s: int = 0
    longest_user_id: int = 128
    federated_return: Literal["application", "tenant", "none"] = "application"
    federated_id_token_hint: bool = False
    federated_client_id: bool = True
    revocation: Literal["okta", "refused"] = "okta"
    action_build_reads: int = 1
