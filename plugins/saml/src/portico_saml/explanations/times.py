"""What refusals of a response's times mean."""

from __future__ import annotations

from portico_sdk import Explanation, about

TIME = (
    about(
        "time-window",
        Explanation(
            "time-window",
            "This sign-in is too old, or not valid yet.",
            (
                "The provider's clock is wrong.",
                "The person waited long on the provider's page.",
                "The provider allows only seconds.",
            ),
            "Set the provider's clock by NTP. A difference of minutes can be allowed in the connection's settings.",
        ),
    ),
    about(
        "saml-lifetime",
        Explanation(
            "saml-lifetime",
            "The provider makes sign-ins valid for longer than a day.",
            ("The lifetime of tokens was set far too high there.",),
            "Set it to an hour or less.",
        ),
    ),
)
