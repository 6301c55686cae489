"""Acts on connections."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.console.acts.act import Act, Extra
from app.translations import marked

ONE = "/connections/{connection_id}"
GET, GET_DRAFT = ("connection", "get"), ("connection", "get-draft")

_SKIP = Extra(
    "skip_test",
    "checkbox",
    marked("Turn it on although no test sign-in passed on exactly this configuration"),
    "The audit log says so.",
    lambda subject: not subject.tested,
)
_TOLD = "All contacts and operators are told by mail."


def _skip(said: Mapping[str, str], path: Mapping[str, str]) -> dict[str, Any]:
    return {"skip_test": said.get("skip_test") == "yes"}


ACTS = (
    Act(
        f"{ONE}/activate",
        GET,
        ("connection", "activate"),
        marked("Turn on %(name)s"),
        ("People of %(organization)s sign in through it from this moment.", _TOLD),
        marked("Turn it on"),
        ONE,
        mild=True,
        extras=(_SKIP,),
        take=_skip,
    ),
    Act(
        f"{ONE}/deactivate",
        GET,
        ("connection", "deactivate"),
        marked("Turn off %(name)s"),
        (
            "Nobody signs in through it any more, also those who are at the provider at this moment.",
            "Sessions that began through it end.",
            "Settings and accounts are kept, and you can turn it on again.",
        ),
        marked("Turn off this connection"),
        ONE,
        type_out="name",
    ),
    Act(
        f"{ONE}/restore",
        GET,
        ("connection", "restore"),
        marked("Bring back the version before of %(name)s"),
        (
            "The configuration before version %(version)s becomes the present one, as a new version. Doing it twice "
            "is where you are now.",
            "Where people sign in through it, it counts at once, and their sessions end when settings differ.",
            _TOLD,
        ),
        marked("Bring back the version before"),
        ONE,
    ),
    Act(
        f"{ONE}/draft/activate",
        GET_DRAFT,
        ("connection", "activate-draft"),
        marked("Put the draft of %(name)s in place"),
        (
            "People sign in by the draft's configuration from this moment. Sessions end when settings differ.",
            "One click brings the version before back.",
            _TOLD,
        ),
        marked("Put the draft in place"),
        ONE,
        mild=True,
        extras=(_SKIP,),
        take=_skip,
    ),
    Act(
        f"{ONE}/draft/discard",
        GET_DRAFT,
        ("connection", "discard-draft"),
        marked("Throw away the draft of %(name)s"),
        ("Every change that waits in it is lost. What people sign in through stays as it is.",),
        marked("Throw the draft away"),
        ONE,
        fresh=False,
    ),
    Act(
        f"{ONE}/subject-source",
        GET,
        ("connection", "change-subject-source"),
        marked("Change what tells people apart in %(name)s"),
        (
            "Everybody who signs in through it gets a new account, with a new sub. Auth0 knows them as strangers.",
            "All sessions of this connection end.",
            _TOLD,
        ),
        marked("Change it"),
        ONE,
        type_out="name",
        extras=(
            Extra(
                "subject_source",
                "text",
                marked("Attribute or claim"),
                "Empty: the next sign-in fixes it anew.",
            ),
        ),
        take=lambda said, path: {"subject_source": said.get("subject_source", "").strip() or None},
    ),
    Act(
        f"{ONE}/certificates/{{sha256}}/retire",
        GET,
        ("connection", "retire-certificate"),
        marked("Trust a certificate of %(name)s no more"),
        (
            "Answers that are signed with the certificate whose SHA-256 is %(sha256)s are refused from this moment.",
            "This is refused while no sign-in has gone by another certificate.",
            _TOLD,
        ),
        marked("Trust it no more"),
        f"{ONE}#certificates",
        about=("connection_id",),
    ),
    Act(
        f"{ONE}/keys/publish",
        GET,
        ("connection", "publish-key"),
        marked("Publish a successor of our key for %(name)s"),
        (
            "A second key stands in our metadata beside the one that signs. It does not sign yet.",
            "Once the provider knows it, let it sign.",
        ),
        marked("Publish a successor"),
        ONE,
        mild=True,
    ),
    Act(
        f"{ONE}/keys/use-next",
        GET,
        ("connection", "use-key"),
        marked("Let the next key sign for %(name)s"),
        (
            "Requests are signed with the successor from this moment. A provider that does not know it refuses them.",
            "The key before still decrypts, until you forget it.",
        ),
        marked("Let it sign"),
        ONE,
    ),
    Act(
        f"{ONE}/keys/remove-second",
        GET,
        ("connection", "remove-key"),
        marked("Forget the second key of %(name)s"),
        ("The key that does not sign is gone for good. What was encrypted for it does not open any more.",),
        marked("Forget it"),
        ONE,
    ),
    Act(
        f"{ONE}/delete",
        GET,
        ("connection", "delete"),
        marked("Delete %(name)s"),
        (
            "The connection, its configuration in every version, its keys and its secrets are gone for good.",
            "Nobody signs in through it any more. The accounts of its people never come back: a new connection makes new "
            "ones.",
        ),
        marked("Delete this connection"),
        "/organizations/{organization_id}",
        type_out="name",
    ),
)
