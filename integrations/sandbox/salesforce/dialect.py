"""Salesforce's REST API over one seed: who may ask, what there is, and how it refuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final

from integrations.sandbox.http import Answer, Request, Router
from integrations.sandbox.salesforce import (
    batch,
    collections,
    composite,
    consent,
    definitions,
    duplicates,
    finding,
    friendly,
    identity,
    mail,
    oauth,
    persons,
    query,
    recordtypes,
    relations,
    replication,
    resources,
    rows,
    seeding,
    soap,
    tooling,
    tree,
)
from integrations.sandbox.salesforce.bodies import answers_in_json
from integrations.sandbox.salesforce.bulk import extract, ingest
from integrations.sandbox.salesforce.call import Call, Handler, Resource
from integrations.sandbox.salesforce.deployed import deploy, destroy
from integrations.sandbox.salesforce.desk import SalesforceDesk
from integrations.sandbox.salesforce.dispatch import DATA, END, Dispatch
from integrations.sandbox.salesforce.named import NAMED
from integrations.sandbox.salesforce.org import Org
from integrations.sandbox.salesforce.refusals import BY_STATUS, Refusal
from integrations.sandbox.seed import Seed
from integrations.sandbox.world import Option, World

#: Characters of path and query; a longer SOQL has to be shortened.
LONGEST_URI: Final = 16_384

#: The object that keeps departures, and the source that brings it.
_KEEPER: Final = "Aurevoir_Departure__c"
_PLUGIN: Final = Path(__file__).parents[2] / "salesforce" / "plugin" / "optional" / "departures"

#: The first that fits is taken, so the special paths come before the general ones.
RESOURCES: Final[tuple[Resource, ...]] = (
    *resources.ROUTES,
    *query.ROUTES,
    *finding.ROUTES,
    *replication.ROUTES,
    *ingest.ROUTES,
    *extract.ROUTES,
    *composite.ROUTES,
    *batch.ROUTES,
    *tree.ROUTES,
    *collections.ROUTES,
    *mail.ROUTES,
    *consent.ROUTES,
    *tooling.ROUTES,
    *definitions.ROUTES,
    *recordtypes.ROUTES,
    *friendly.ROUTES,
    *rows.ROUTES,
)


class Salesforce:
    """One org of the sandbox, as its API clients meet it."""

    name = "salesforce"

    def __init__(self, world: World) -> None:
        self.world = world
        self.options: dict[str, Option] = {
            #: New fields are hidden until a permission set grants them.
            "field_security": False,
            #: Fields that the client may not see, or not edit: ``Account.Phone, Contact.Title``.
            "hidden_fields": "",
            "read_only_fields": "",
            #: Objects that the client may read only: ``Contact, Task``.
            "read_only_objects": "",
            #: Sessions end when there was no request for so many minutes.
            "sessions_expire": False,
            "session_minutes": 120,
            #: The next request finds every session ended; the switch goes back by itself.
            "revoke_sessions": False,
            #: Bulk jobs begin, and do not get on.
            "slow_jobs": False,
            #: What colleagues do is seen when this goes off again, stamped as of when they did it.
            "late_commits": False,
            #: Accounts can be persons; an org in which they once could goes on with it.
            "person_accounts": False,
            #: Contacts can have several accounts, and a role at each; it stays on as well.
            "several_accounts": False,
            #: Duplicate rules: ``alert`` lets the client insist, ``block`` does not.
            "duplicate_rules": "off",
            #: So many of the next saves meet a record that is locked.
            "locked_saves": 0,
            #: The certificate, or public key, of the app, in PEM; it checks signed assertions.
            "certificate": "",
            #: Requests in 24 hours.
            "daily_requests": 100_000,
            #: Milliseconds that every call takes longer than on this machine.
            "latency_ms": 0,
            #: The org says that it is no sandbox.
            "production": False,
            #: The next request finds a copy of the org, as after a refresh; the switch goes back.
            "refresh_org": False,
            #: That copy knows the client of before; else a new one has to be made in it.
            "refresh_keeps_app": False,
            #: The plugin's object for departures is deployed; when this goes off, it is deleted.
            "departures": False,
        }
        self.org = Org(world.clock, self.options)
        self.desk = SalesforceDesk(lambda: self.org)
        self.routes = Router()
        self.dispatch = Dispatch(RESOURCES)
        self._add_routes()

    def load(self, seed: Seed) -> None:
        """A fresh org with this seed."""
        self.org = Org(self.world.clock, self.options)
        seeding.fill(self.org, seed)
        org = self.org
        self.app = oauth.App.of(org.id)
        self.ready = org.sessions.open(org.id, org.integration, org.clock.now()).token

    def failure(self, status: int, words: str) -> Answer:
        """Salesforce's own error body; where it has fixed words for a status, those."""
        code, own = BY_STATUS.get(status, ("UNKNOWN_EXCEPTION", words))
        return Refusal(code, own or words, status=status).answer()

    def refusals(self) -> Mapping[str, Answer]:
        """Limits, locks, slow queries and triggers that fail."""
        return {name: refusal.answer() for name, refusal in NAMED.items()}

    def headers(self) -> Mapping[str, str]:
        """The API calls that are used up; counted as each signed-in request comes in."""
        return {"Sforce-Limit-Info": self.org.limits.header(self.world.clock.now())}

    def credentials(self) -> Mapping[str, str]:
        """The client of the external client app, and a token that is ready to use."""
        app = self.app
        return {
            "client_id": app.client_id,
            "client_secret": app.client_secret,
            "token": self.ready,
        }

    def _add_routes(self) -> None:
        add = self.routes.add
        add("POST", "/services/oauth2/token", "token", self._token)
        add("GET", "/services/oauth2/token", "token.get", oauth.asked_wrongly)
        add("POST", soap.PATH, "soap.token", soap.login)
        add("POST", "/services/oauth2/revoke", "token.revoke", lambda r: oauth.revoke(r, self.org))
        add("GET", "/services/oauth2/authorize", "authorize.get", self._authorize)
        for path in ("/services/oauth2/userinfo", "/id/{organization}/{user}"):
            handler = identity.identity if path.startswith("/id") else identity.userinfo
            for method in ("GET", "POST"):
                add(method, path, "identity.get", self._known(handler))
        add("GET", "/services/data" + END, "versions.list", resources.versions)
        for method, path, operation, own in RESOURCES:
            add(method, DATA + path + END, operation, self._signed_in(own))

    def _token(self, request: Request) -> Answer:
        self._obey()
        return oauth.token(request, self.org, self.app)

    def _authorize(self, request: Request) -> Answer:
        return oauth.authorize(request, self.org, self.app)

    def _known(self, handler: Handler) -> Callable[[Request], Answer]:
        """For the identity service, which counts no calls and refuses in its own way."""

        def answer(request: Request) -> Answer:
            try:
                call = self._call(request)
            except Refusal:
                return identity.refused(request)
            return handler(call)

        return answer

    def _signed_in(self, handler: Handler) -> Callable[[Request], Answer]:
        def answer(request: Request) -> Answer:
            if len(request.path) + len(request.query_string) > LONGEST_URI:
                return Answer(status=414, body="URI Too Long", media_type="text/html")
            try:
                call = self._call(request)
                self._count()
                return handler(call)
            except Refusal as refusal:
                return refusal.answer()

        return answer

    def _call(self, request: Request) -> Call:
        """Who asks; raises Refusal."""
        org, now = self.org, self.world.clock.now()
        self._obey()
        answers_in_json(request)
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind and kind.lower() not in ("bearer", "oauth"):
            raise Refusal("INVALID_AUTH_HEADER", "INVALID_AUTH_HEADER")
        org.duplicates_allowed = duplicates.allowed(request.headers)
        minutes = int(self.options["session_minutes"])
        idle = timedelta(minutes=minutes) if self.options["sessions_expire"] else None
        session = org.sessions.find(token.strip(), now, idle=idle)
        if session is None:
            raise Refusal(*BY_STATUS[401])
        return Call(request=request, session=session, org=org, dispatch=self.dispatch.within)

    def _obey(self) -> None:
        """Let the org be as the options have it."""
        org, options = self.org, self.options
        if options["refresh_org"]:
            options.update(refresh_org=False, revoke_sessions=True)
            org.copy()
            if not options["refresh_keeps_app"]:
                self.app = oauth.App.of(org.id)
        if options["revoke_sessions"]:
            options["revoke_sessions"] = False
            org.sessions.close_all()
        if options["person_accounts"]:
            persons.turn_on(org)
        if options["several_accounts"]:
            relations.turn_on(org)
        if org.held and not options["late_commits"]:
            org.commit()
        if options["departures"] != (org.schema.find(_KEEPER) is not None):
            if options["departures"]:
                deploy(org, _PLUGIN)
            else:
                destroy(org, _KEEPER)
        org.limits.api = int(options["daily_requests"])
        org.declare(sandbox=not options["production"])
        org.empty_bin()

    def _count(self) -> None:
        limits, now = self.org.limits, self.world.clock.now()
        if limits.calls.used(now) >= limits.api:
            raise Refusal(*BY_STATUS[403])
        limits.calls.add(now)
