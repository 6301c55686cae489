"""What pages call things that have a name in code: checks and steps of a sign-in, what they say, fields of the profile.

The API and the log keep the names as they are.
"""

from __future__ import annotations

from app.translations import Words, marked

#: What the checks of the first-party adapters and our own steps are called; a stranger's go by their own names.
CHECKS = {
    # SAML
    "message": marked("Response received"),
    "document": marked("Well-formed document"),
    "structure": marked("Structure of the response"),
    "status": marked("Status"),
    "version": marked("Version"),
    "issuer": marked("Issuer"),
    "destination": marked("Destination"),
    "solicited": marked("Sign-in was asked for"),
    "signature": marked("Signature"),
    "signature-policy": marked("What is signed"),
    "response-signature": marked("Signature of the response"),
    "assertion-signature": marked("Signature of the assertion"),
    "decryption": marked("Decryption"),
    "encryption": marked("Encryption of the assertion"),
    "subject-confirmation": marked("Confirmation of the person"),
    "recipient": marked("Recipient"),
    "in-response-to": marked("Answer to our request"),
    "audience": marked("Audience"),
    "conditions": marked("Conditions"),
    "times": marked("Times"),
    "lifetime": marked("Lifetime"),
    "freshness": marked("Freshness of the authentication"),
    "authn-statement": marked("Authentication of the person"),
    "library": marked("Second opinion of the SAML library"),
    "subject": marked("Subject"),
    "attributes": marked("Attributes"),
    "identity": marked("Identity"),
    # OpenID Connect
    "no-error": marked("No error of the provider"),
    "asked-for": marked("Sign-in was asked for"),
    "state": marked("Answer to our request"),
    "settings-unchanged": marked("Settings unchanged since"),
    "discovery": marked("Discovery document"),
    "iss-parameter": marked("Issuer of the answer"),
    "code": marked("Code"),
    "token": marked("Token request"),
    "header": marked("Header of the ID token"),
    "iss": marked("Issuer"),
    "aud": marked("Audience"),
    "azp": marked("Authorized party"),
    "exp": marked("Not expired"),
    "iat": marked("Time of issue"),
    "nbf": marked("Already valid"),
    "nonce": marked("Nonce"),
    "at-hash": marked("Hash of the access token"),
    "auth-time": marked("Time of authentication"),
    "sub": marked("Subject"),
    "matching-claims": marked("Claims match the settings"),
    "issuer-claims": marked("Claims of the issuer"),
    "userinfo": marked("Userinfo"),
    # our own
    "claims": marked("Required claims"),
    "profile": marked("Profile"),
    "domain": marked("E-mail domain"),
    "routed": marked("Found the connection"),
    "request-checked": marked("Request of the application"),
    "session": marked("Session"),
    "session-refused": marked("Session refused"),
    "sent-to-provider": marked("Sent to the provider"),
    "provider-proved": marked("Proved by the provider"),
    "allowed": marked("Allowed"),
    "denied": marked("Refused"),
    "code-redeemed": marked("Code redeemed"),
    "thrown-away": marked("Answer that nobody asked for, thrown away"),
    "sessions-ended": marked("Sessions ended"),
    "session-unreadable": marked("Session unreadable"),
    "provider-not-asked": marked("Provider not asked to sign out"),
    "provider-answered": marked("Provider's answer to the sign-out"),
    "provider-answer-refused": marked("Provider's answer to the sign-out refused"),
}
#: What a step of a trace says, by name.
FACTS = {
    "expected": marked("Expected"),
    "received": marked("Received"),
    "detail": marked("Detail"),
    "code": marked("Code"),
    "hint": marked("Hint"),
    "email": marked("E-mail address"),
    "email_verified": marked("E-mail address verified"),
    "groups": marked("Groups"),
    "incomplete": marked("Left out"),
    "subject": marked("Subject"),
    "source": marked("Source"),
    "issuer": marked("Issuer"),
    "connection": marked("Connection"),
    "organization": marked("Organization"),
    "client": marked("Application"),
    "adapter": marked("Adapter"),
    "action": marked("Action"),
    "started": marked("Started"),
    "prompt": marked("Prompt"),
    "method": marked("Method"),
    "alg": marked("Algorithm"),
    "cause": marked("Cause"),
    "error": marked("Error"),
    "claimed_client": marked("Application, as it says"),
    "known": marked("Known sessions"),
    "live": marked("Sessions that ended"),
    "onward": marked("Led onward"),
    "said": marked("Answer"),
    "sub": marked("Subject of the application"),
}
FIELDS = {
    "email": marked("E-mail address"),
    "name": marked("Full name"),
    "given_name": marked("First name"),
    "family_name": marked("Last name"),
    "preferred_username": marked("User name"),
    "groups": marked("Groups"),
    "roles": marked("Roles"),
}


def name_check(words: Words, name: str) -> str:
    """Return what a check or step is called."""
    return words(CHECKS[name]) if name in CHECKS else name.replace("-", " ").capitalize()


def name_fact(words: Words, name: str) -> str:
    """Return what a fact of a step is called; `email_from` is where the e-mail address came from."""
    if name in FACTS:
        return words(FACTS[name])
    if name.endswith("_from"):
        return words("%(name)s taken from", name=name_field(words, name.removesuffix("_from")))
    return name.replace("_", " ").capitalize()


def name_field(words: Words, name: str) -> str:
    """Return what a field of the profile is called; an attribute of an operator's own goes by its own name."""
    return words(FIELDS[name]) if name in FIELDS else name
