"""The only place where everything is put together: files, store, adapters, connections."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path

import yaml
from filelock import FileLock, Timeout
from pydantic import SecretStr

from integrations.contract import Crm, Forged, Hint, Hook, Identity, Wire
from integrations.registry import (
    Access,
    answer,
    connect,
    consent_page,
    guide,
    hints,
    installed,
)
from mappings.check import check
from mappings.drift import vital
from mappings.findings import MappingError, did_you_mean
from mappings.loaded import Loaded
from mappings.loader import load, load_service
from mappings.seats import Directory
from mappings.service import Connection as Configured
from mappings.service import Service
from mappings.translate import names
from sync import clock, log, place
from sync.alerts import Alerts
from sync.clock import Clock
from sync.connection import Connection
from sync.engine.local import Line, Local
from sync.keys import link_keys
from sync.links import Links
from sync.quota import Budget
from sync.secret_files import Secrets
from sync.store import Store
from sync.store.connections import Standing
from sync.vault import KEY, Vault
from sync.web.app import private, public
from sync.web.backing import Backing
from sync.web.serve import Pages
from sync.web.throttle import RATES, Rates
from sync.wire import wire


class AlreadyRunningError(Exception):
    """Another service works on this data folder."""


class UnknownConnectionError(Exception):
    """A connection that aurevoir.yaml does not have."""


@dataclass(kw_only=True)
class App:
    """One aurevoir.yaml and everything that hangs on it."""

    service: Service
    env: Mapping[str, str]
    vault: Vault
    #: False for trials, whose store ends with them.
    durable: bool = True
    #: Where the survey can be reached on a trial.
    address: str | None = None

    @classmethod
    def load(
        cls, file: Path, env: Mapping[str, str] | None = None, *, signs_in: bool = True
    ) -> App:
        """From the file, with secrets from the environment, or kept by ``aurevoir connect``.

        Without them where nobody ``signs_in``. Raises MappingError, VaultError and OpenFileError.
        """
        kept = vault_of(file, env).read()
        env = {**kept, **(os.environ if env is None else env)}
        log.hide(*kept.values())
        service = load_service(file, env=Secrets(env, file.parent), signs_in=signs_in)
        for configured in service.connections.values():
            access = configured.credentials
            secrets = (
                access.token,
                access.client_secret,
                access.refresh_token,
                access.private_key,
                access.hook_secret,
            )
            log.hide(*(s.get_secret_value() for s in secrets if s))
        told = (service.alerts.url, service.alerts.heartbeat)
        log.hide(*(address.get_secret_value() for address in told if address))
        return cls(service=service, env=env, vault=vault_of(file, env))

    @staticmethod
    def guide(crm: str, credentials: Collection[str]) -> tuple[str, ...]:
        """What an admin does in a CRM before we can sign in so, step by step."""
        return guide(crm, credentials)

    def names(self, one: str | None = None) -> list[str]:
        """The connections, or the one that is asked for; raises UnknownConnectionError."""
        if one is None:
            return list(self.service.connections)
        if one not in self.service.connections:
            known = list(self.service.connections)
            raise UnknownConnectionError(
                f'aurevoir.yaml has no connection "{one}"{did_you_mean(one, known)}'
            )
        return [one]

    @cached_property
    def folder(self) -> Path:
        """The data folder, made if need be, for its owner only."""
        self.service.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self.service.data

    @cached_property
    def store(self) -> Store:
        """The store, with its schema up to date; raises StoreAddressError, NewerSchemaError."""
        url = _open(self.service.store) or f"sqlite:///{self.folder / 'aurevoir.db'}"
        store = Store(url, durable=self.durable)
        store.migrate()
        return store

    @cached_property
    def links(self) -> Links:
        """What makes survey links."""
        return Links(self.public_url, link_keys(self.folder))

    @property
    def public_url(self) -> str:
        """What customers' mails lead to; on a trial, this machine."""
        return self.address or self.service.public_url or f"http://{self.service.listen.public}"

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Be the only one that delivers from this folder and store; raises AlreadyRunningError."""
        lock = FileLock(self.folder / "lock", timeout=0)
        try:
            with lock, self.store.alone() as alone:
                if not alone:
                    raise AlreadyRunningError(
                        "another aurevoir works on the same store; stop it, or use another database"
                    )
                yield
        except Timeout:
            raise AlreadyRunningError(
                f"another aurevoir works on {self.folder}; stop it, or use another data folder"
            ) from None

    def mapping(self, name: str) -> Loaded:
        """A connection's mapping file; raises MappingError."""
        configured = self.service.connections[name]
        return load(configured.mapping, crm=configured.crm, env=self.env)

    def pages(
        self,
        clocks: Mapping[str, Clock],
        *,
        rates: Rates | None = RATES,
        wake: Callable[[str], None] = lambda name: None,
        directory: Callable[[str], Directory] = lambda name: Directory.of(()),
    ) -> Pages:
        """The survey, webhooks, health and metrics for these connections, each with its clock.

        ``wake`` is called with a connection's name when its CRM has told of something;
        ``directory`` says who works there, as was read last.

        Raises MappingError; entering it raises CannotListenError.
        """
        backings = {
            name: Backing(
                loaded=self.mapping(name),
                clock=time,
                crm=self.service.connections[name].crm,
                poll=self.service.connections[name].poll.plain,
                hints=partial(self._hints, name, time),
                links=self.links,
                answer=partial(answer, self.service.connections[name].crm),
                wake=partial(wake, name),
                directory=partial(directory, name),
            )
            for name, time in clocks.items()
        }
        return Pages(
            public(self.store, backings, rates=rates),
            private(self.store, backings),
            self.service.listen,
        )

    def _hints(self, name: str, clock: Clock, hook: Hook) -> tuple[Hint, ...]:
        """What a webhook is about; raises Forged, also where we have nothing to check it with."""
        configured = self.service.connections[name]
        heard = replace(hook, url=self.public_url + hook.url)
        try:
            return hints(configured.crm, _access(configured), heard, clock())
        except ValueError as lacking:
            raise Forged(str(lacking)) from None

    def engine(self, names: Iterable[str]) -> Local:
        """What runs these connections until it is stopped."""
        lines = {
            name: Line(
                name=name,
                poll=self.service.connections[name].poll.plain,
                open=partial(self.connection, name),
                load=partial(self.mapping, name),
            )
            for name in names
        }
        return Local(
            lines=lines,
            alerts=self.alerts(),
            every=self.service.alerts.every.plain,
            standing=self.fares,
        )

    def standing(self, name: str) -> Standing | None:
        """How a connection fares by the store; None before it first signed in."""
        with self.store.reading() as tables:
            return tables.connections.get(name)

    def fares(self, name: str) -> Standing | None:
        """The same; one that has only tried to sign in has no org."""
        with self.store.reading() as tables:
            return tables.connections.fares(name)

    def kind(self, name: str) -> str | None:
        """Whether a connection leads to production, by the store; None before it signed in."""
        return place.kind(self.standing(name))

    def confirm(self, name: str, crm: Crm) -> Identity:
        """Whose CRM a connection leads to; raises WrongOrgError if its ledger is another's."""
        identity = crm.identity()
        with self.store.reading() as tables:
            tables.connections.confirm(name, crm.name, identity)
        return identity

    def alerts(self) -> Alerts:
        """What tells somebody outside."""
        given = self.service.alerts
        return Alerts(
            url=_open(given.url),
            heartbeat=_open(given.heartbeat),
            after=given.after.plain,
            begun=clock.system(),
        )

    def crm(self, name: str, loaded: Loaded, around: Wire = wire) -> Crm:
        """The adapter of one connection, not signed in yet; raises UsageError."""
        configured = self.service.connections[name]
        words = names(loaded.programme, loaded.rows)
        try:
            return connect(configured.crm, self._access(name), words, around)
        except ValueError as lacking:
            raise UnknownConnectionError(f"connections.{name}.credentials: {lacking}") from None

    def consent_page(self, name: str, *, back: str, state: str) -> str:
        """Where an admin lets our app into a CRM; raises UnknownConnectionError."""
        configured = self.service.connections[name]
        try:
            return consent_page(configured.crm, _access(configured), back=back, state=state)
        except ValueError as lacking:
            raise UnknownConnectionError(f"connections.{name}.credentials: {lacking}") from None

    def installed(self, name: str, *, code: str, back: str) -> str:
        """The refresh token for a code that the consent page has sent back."""
        return installed(_access(self.service.connections[name]), code=code, back=back, wire=wire)

    def _access(self, name: str) -> Access:
        """What signs in; a refresh token that was renewed is kept before it is used."""
        kept = f"{name}.refresh_token"

        def keep(fresh: str) -> None:
            log.hide(fresh)
            self.vault.put({kept: fresh})

        access = _access(self.service.connections[name], keep)
        renewed = self.vault.read().get(kept)
        return replace(access, refresh_token=renewed) if renewed else access

    def connection(self, name: str, *, store: Store | None = None) -> Connection:
        """Sign in to one connection whose mapping fits its CRM.

        Raises MappingError, WrongOrgError and what the CRM raises.
        """
        configured, loaded = self.service.connections[name], self.mapping(name)
        quota = configured.quota
        budget = Budget(wire=wire, share=quota.share, reserve=quota.reserve, daily=quota.daily)
        crm = self.crm(name, loaded, budget.around)
        budget.usage = crm.usage
        opened = Connection.open(
            name=name,
            crm=crm,
            store=store or self.store,
            loaded=loaded,
            links=self.links,
            clock=crm.now if configured.clock == "crm" else clock.system,
            company=self.service.company,
            budget=budget,
            shadow=configured.shadow,
        )
        opened.poll, opened.removals = configured.poll.plain, configured.removals.plain
        # What fitted once is drift when it fits no more: only what needs it has to wait.
        judge = vital if opened.proven else check
        found = judge(loaded, opened.org, public_url=self.service.public_url)
        if wrong := [finding for finding in found if finding.severity == "error"]:
            opened.stands_still(wrong[0].told)
            raise MappingError(wrong)
        return opened


def vault_of(file: Path, env: Mapping[str, str] | None = None) -> Vault:
    """The secrets beside a service's store; they are needed before its file can be read whole."""
    try:
        data = yaml.safe_load(file.read_text(encoding="utf-8-sig")).get("data")
    except (OSError, UnicodeDecodeError, yaml.YAMLError, AttributeError):
        data = None  # reading the file whole says what is wrong with it
    folder = file.parent / (data if isinstance(data, str) else "data")
    return Vault(folder, (os.environ if env is None else env).get(KEY))


def _access(configured: Configured, keep: Callable[[str], None] | None = None) -> Access:
    given = configured.credentials
    return Access(
        token=_open(given.token),
        client_id=given.client_id,
        client_secret=_open(given.client_secret),
        refresh_token=_open(given.refresh_token),
        username=given.username,
        private_key=_open(given.private_key),
        keep=keep,
        hook_secret=_open(given.hook_secret),
        domain=given.domain,
        version=given.version,
        url=configured.url,
        paced=configured.pace,
    )


def _open(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None
