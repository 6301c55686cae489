"""Making links, opening them, and taking them away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from app.audit import Actor, EventName
from app.cipher import Cipher, hash_token
from app.connections import Connections
from app.database import db, new_id, transaction
from app.errors import Conflict, Invalid, NotFound, Problem
from app.mail import Outbox, Readers
from app.notices import NoticeKind, add_notice, clear_notices
from app.organizations import AskDns, NewContact, add_contact, find_contact, find_language, get_organization
from app.setup_links import codes, visits
from app.setup_links.desk import Desk
from app.setup_links.letters import link_letter, request_letter
from app.setup_links.models import SetupLink
from app.setup_links.rows import actor_of, find_link, get_link, list_links, make_token, record_link
from app.setup_links.values import NewSetupLink, check_new, touches_active
from app.setup_links.visit import Visit


class SetupLinks:
    """Every operation on links. One per process; safe to use from several threads.

    Args:
        ask_dns: for the desk's domains.
        operators: the people who run this installation.
        language: of mails to customers who chose none.
    """

    def __init__(
        self,
        connections: Connections,
        cipher: Cipher,
        base_url: str,
        *,
        ask_dns: AskDns,
        operators: Readers,
        random: Callable[[int], bytes],
        language: str = "en",
    ) -> None:
        self._connections = connections
        self._outbox = Outbox(cipher, language=language)
        self._base_url = base_url
        self._ask_dns = ask_dns
        self._operators = operators
        self._random = random

    def add(self, organization_id: str, new: NewSetupLink, *, actor: Actor, now: datetime) -> tuple[SetupLink, str]:
        """Store a link; returns it and its address, which nobody can find out later.

        A contact that is new becomes one of the organization's.

        Raises:
            NotFound: no such organization, or the connection is not its own.
            Invalid: every field at fault; `contact` is missing where the link can touch an active connection.
        """
        new = check_new(new)
        with transaction():
            get_organization(organization_id)
            if new.connection_id is not None:
                self._check_own(organization_id, new.connection_id)
            if new.contact is None and touches_active(
                self._connections, organization_id, new.features, new.connection_id
            ):
                message = "It can change what people sign in through: say who gets the code by e-mail."
                raise Invalid(Problem("contact", "required", message))
            if new.contact is not None and find_contact(organization_id, new.contact) is None:
                name = new.contact.partition("@")[0]
                contact = NewContact(name, new.contact, language=new.language)
                add_contact(organization_id, contact, actor=actor, now=now)
            return self.store(organization_id, new, parent=None, to=new.contact, actor=actor, now=now)

    def store(
        self,
        organization_id: str,
        new: NewSetupLink,
        *,
        parent: Visit | None,
        to: str | None,
        actor: Actor,
        now: datetime,
    ) -> tuple[SetupLink, str]:
        """Store a link whose values were checked. Inside `transaction()` only.

        Args:
            to: who gets it by mail, when `new.send`.
        """
        token = make_token(self._random)
        link = SetupLink(
            id=new_id("lnk"),
            organization_id=organization_id,
            connection_id=new.connection_id,
            parent_id=None if parent is None else parent.link_id,
            token_hash=hash_token(token),
            features=list(new.features),
            step=new.step,
            single_use=new.single_use,
            contact=new.contact,
            language=new.language,
            created_by=f"{actor.kind}:{actor.id}",
            sender=actor.label,
            created_at=now,
            lifetime_s=new.expires_in_s,
            expires_at=now + timedelta(seconds=new.expires_in_s),
        )
        db.session.add(link)
        db.session.flush()
        said = {name: getattr(link, name) for name in ("features", "connection_id", "step", "single_use", "parent_id")}
        record_link(EventName.SETUP_LINK_CREATED, link, actor, now, expires_at=link.expires_at, **said)
        url = self._url(token)
        if new.send and to is not None:
            self._send(link, to, url, actor, now)
        return link, url

    def find(self, token: str, now: datetime) -> SetupLink:
        """Return the link that a token opens. Looking changes nothing: mail scanners look.

        Raises:
            NotFound: there is none.
            LinkUnusable: it is expired, used or revoked, or its organization is disabled.
        """
        return visits.find_open_link(token, now)

    def exchange(self, token: str, *, now: datetime) -> tuple[Visit, str]:
        """Begin a visit; returns it and the value of its cookie. One that opens once is used up by it, atomically.

        Raises: as `find`.
        """
        return visits.begin_visit(token, self._random, now=now)

    def visit(self, cookie: str | None, now: datetime) -> Visit:
        """Return the visit that a browser's cookie continues. Raises VisitOver."""
        return visits.find_visit(cookie, now)

    def end(self, visit: Visit, *, now: datetime) -> None:
        """End the visit; the link opens another one while it is good."""
        visits.end_visit(visit, now=now)

    def sender_of(self, visit: Visit) -> tuple[str, str]:
        """Return the name and the address of whoever sent the visit's link, each empty where it is not known."""
        return visits.find_sender(visit)

    def send_code(self, visit: Visit, *, now: datetime) -> None:
        """Mail a one-time code to the link's contact. Raises CodeNeeded (no contact), TooManyRequests."""
        organization = get_organization(visit.organization_id)
        codes.send_code(visit, organization.name, self._outbox, self._random, now=now)

    def verify_code(self, visit: Visit, code: str, *, now: datetime) -> Visit:
        """Return the visit, proven from now on. Raises CodeWrong."""
        codes.verify_code(visit, code, now=now)
        return self.visit(visit.cookie, now)

    def desk(self, visit: Visit) -> Desk:
        """Return everything that the visit may do."""
        return Desk(visit, self._connections, self._ask_dns)

    def delegate(
        self,
        visit: Visit,
        step: str,
        features: Sequence[str],
        *,
        to: str | None = None,
        connection_id: str | None = None,
        language: str | None = None,
        now: datetime,
    ) -> tuple[SetupLink, str]:
        """Make a link for one step, for a colleague; mailed when `to` is an address, in the language of the visit.

        It opens nothing that the visit does not, for no longer. Codes go to the colleague only when this visit entered
        one itself, else to the contact of its own link: nobody gets at what is active by passing a link on to himself.

        Raises:
            NotFound: what the visit itself does not open; Invalid: `to` is no address.
        """
        if not set(features) <= visit.features or visit.step not in (None, step):
            raise NotFound(f"{visit.link_id} does not open {sorted(features)} at {step[:80]!r}")
        if visit.connection_id not in (None, connection_id):
            connection_id = visit.connection_id
        left_s = int((visit.link_expires_at - now).total_seconds())
        good_for_s = max(left_s, 300)
        wanted = NewSetupLink(
            features, connection_id, step, contact=to, expires_in_s=good_for_s, send=bool(to), language=language
        )
        new = check_new(wanted)
        contact = new.contact if visit.proven and new.contact else visit.contact
        with transaction():
            if connection_id is not None:
                self._check_own(visit.organization_id, connection_id)
            kept = replace(new, connection_id=connection_id, step=step, contact=contact)
            return self.store(visit.organization_id, kept, parent=visit, to=new.contact, actor=visit.actor, now=now)

    def note_step(self, visit: Visit, step: str, *, now: datetime) -> None:
        """Remember how far the visitor came, for operators. Writes only when that changes."""
        visits.note_step(visit, step, now=now)

    def ask_for_new(self, token: str, *, now: datetime) -> SetupLink:
        """Tell the operators that a link which is over is still needed; asking again only counts.

        Raises:
            NotFound: there was never such a link; Conflict `link-open`: it opens.
        """
        with transaction():
            link = find_link(token)
            state = link.state(now)
            if state == "open":
                raise Conflict(f"{link.id} is open", code="link-open", hint="The link opens: continue.")
            facts = {"state": state, "contact": link.contact}
            notice = add_notice(
                NoticeKind.LINK_REQUESTED,
                organization_id=link.organization_id,
                target=link.id,
                facts=facts,
                now=now,
            )
            if notice.count == 1:
                record_link(EventName.SETUP_LINK_REQUESTED, link, actor_of(link), now, state=state)
                name = get_organization(link.organization_id).name
                for address, language in self._operators().items():
                    letter = request_letter(self._outbox.words_for(language), name, link.id, state)
                    self._outbox.add(address, letter, now=now)
        return link

    def list(
        self,
        organization_id: str | None = None,
        *,
        limit: int = 100,
        after: str | None = None,
        open_at: datetime | None = None,
    ) -> Sequence[SetupLink]:
        """Return at most `limit` links (of one organization; that are open then) by id, behind the id `after`."""
        return list_links(organization_id, limit=limit, after=after, open_at=open_at)

    def get(self, organization_id: str, link_id: str) -> SetupLink:
        """Return the link of this organization. Raises NotFound."""
        link = get_link(link_id)
        if link.organization_id != organization_id:
            raise NotFound(f"{organization_id[:60]} has no link {link_id[:60]!r}")
        return link

    def revoke(self, organization_id: str, link_id: str, *, actor: Actor, now: datetime) -> SetupLink:
        """Make the link, those that were passed on from it, and every visit by them useless at once. Raises NotFound."""
        with transaction() as session:
            link = self.get(organization_id, link_id)
            waiting = [link]
            while waiting:
                one = waiting.pop()
                waiting += session.scalars(select(SetupLink).where(SetupLink.parent_id == one.id))
                if one.revoked_at is None:
                    one.revoked_at = now
                    record_link(EventName.SETUP_LINK_REVOKED, one, actor, now)
            clear_notices(NoticeKind.LINK_REQUESTED, link.id, now=now)
        return link

    def resend(self, organization_id: str, link_id: str, *, actor: Actor, now: datetime) -> tuple[SetupLink, str]:
        """Give the link a new address, as long as it was good for, and mail it to its contact where it has one.

        The old address and every visit by it are dead; what was answered is kept.

        Raises:
            NotFound; Conflict: `link-revoked`.
        """
        token = make_token(self._random)
        with transaction() as session:
            link = self.get(organization_id, link_id)
            if link.revoked_at is not None:
                raise Conflict(f"{link.id} is revoked", code="link-revoked", hint="Make a new link.")
            link.token_hash, link.used_at = hash_token(token), None
            link.expires_at = now + timedelta(seconds=link.lifetime_s)
            visits.end_visits_by(link.id, now=now)
            session.flush()
            if link.contact is not None:
                self._send(link, link.contact, self._url(token), actor, now)
            else:
                record_link(EventName.SETUP_LINK_SENT, link, actor, now, by_mail=False)
            clear_notices(NoticeKind.LINK_REQUESTED, link.id, now=now)
        return link, self._url(token)

    def _send(self, link: SetupLink, to: str, url: str, actor: Actor, now: datetime) -> None:
        organization = get_organization(link.organization_id)
        words = self._outbox.words_for(link.language or find_language(link.organization_id, to))
        letter = link_letter(words, organization.name, link.features, url, link.expires_at)
        self._outbox.add(to, letter, organization_id=link.organization_id, now=now)
        link.sent_at = now
        record_link(EventName.SETUP_LINK_SENT, link, actor, now, by_mail=True)

    def _check_own(self, organization_id: str, connection_id: str) -> None:
        if self._connections.get(connection_id).organization_id != organization_id:
            raise NotFound(f"{organization_id[:60]} has no connection {connection_id[:60]!r}")

    def _url(self, token: str) -> str:
        return f"{self._base_url}/setup/{token}"
