"""The app asks for what the adapter's calls need, and for nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain

import pytest

from integrations.contract import NOTE, TASK
from integrations.hubspot.install import OPTIONAL
from integrations.hubspot.objects import OWN, plural
from integrations.hubspot.paths import PATHS
from mappings.loader import load_text
from sync.trial import trial
from tools.hubspot_plugin.model import OBJECTS, PLUGIN

#: Operation -> the scopes it needs. ``{object}`` is companies or contacts; tasks and notes go by
#: the scopes of contacts. Sources: "Scopes" in HubSpot's documentation, and the scope requirements
#: of each operation in its API reference.
SCOPES: dict[str, tuple[str, ...]] = {
    "token": (),
    "account.info": (),
    "objects.list": ("crm.objects.{object}.read",),
    "objects.search": ("crm.objects.{object}.read",),
    "objects.read": ("crm.objects.{object}.read",),
    "objects.create": ("crm.objects.{object}.write",),
    "objects.update": ("crm.objects.{object}.write",),
    "labels.list": ("crm.objects.custom.read",),
    "schemas.list": ("crm.schemas.custom.read",),
    "schemas.create": ("crm.schemas.custom.write",),
    "associations.read": ("crm.objects.{object}.read",),
    "owners.list": ("crm.objects.owners.read",),
    "pipelines.list": (),
    "properties.list": ("crm.schemas.{object}.read",),
    "properties.get": ("crm.schemas.{object}.read",),
    "properties.update": ("crm.schemas.{object}.write",),
    "properties.create": ("crm.schemas.{object}.write",),
    "groups.create": ("crm.schemas.{object}.write",),
    "lists.search": ("crm.lists.read",),
    "lists.create": ("crm.lists.write",),
    "members.list": ("crm.lists.read",),
    "rosters.read": ("crm.lists.read",),
    "members.change": ("crm.lists.write",),
    "opt_outs.read": ("communication_preferences.read",),
    "opt_outs.batch.read": ("communication_preferences.statuses.batch.read",),
    "mail.send": ("transactional-email",),
}
#: Only a mapping that says `survey: {send: {through: email}}`, or `record: object`, calls these.
#: Opt-outs are read together only where the account is on Marketing Hub Enterprise.
#: HubSpot refuses to install an app whose scopes the account has not paid for, so the admin adds
#: them by hand.
PAID = {"mail.send", "opt_outs.batch.read", "labels.list", "schemas.list", "schemas.create"}
#: What those of custom objects go by.
CUSTOM = {
    "crm.objects.custom.read",
    "crm.objects.custom.write",
    "crm.schemas.custom.read",
    "crm.schemas.custom.write",
}
#: Every app has it.
BASIC = "oauth"


def _needed() -> Iterator[str]:
    objects = {"contacts" if object in OWN.values() else object for object in OBJECTS.values()}
    for operation, (*_, path, _) in PATHS.items():
        if operation not in PAID:
            for scope in SCOPES[operation]:
                named = objects if "{object}" in path else {""}
                yield from (scope.format(object=object) for object in named)


def test_every_operation_has_its_scopes() -> None:
    assert SCOPES.keys() == PATHS.keys()


def test_the_app_asks_for_what_the_adapter_calls_and_no_more() -> None:
    app = json.loads((PLUGIN / "src/app/app-hsmeta.json").read_text(encoding="utf-8"))
    asked = app["config"]["auth"]["requiredScopes"]
    assert asked == sorted({*_needed(), BASIC})


def test_the_paid_scope_is_not_needed_by_the_default_mapping() -> None:
    assert load_text("", crm="hubspot").programme.survey.send.through == "fields"


def test_custom_objects_are_not_needed_by_the_default_mapping() -> None:
    assert load_text("", crm="hubspot").programme.record.as_ == "note"
    assert set(OPTIONAL) >= CUSTOM, "asked for where the portal has them"


def test_objects_are_those_of_the_default_mapping() -> None:
    programme = load_text("", crm="hubspot").programme
    watched = {plural(watch.object) for watch in programme.watch}
    assert {*watched, plural(programme.people.object), *OWN.values()} == {*chain(OBJECTS.values())}


def test_webhooks_are_for_the_watched_stage() -> None:
    path = PLUGIN / "src/app/webhooks/stage-webhooks-hsmeta.json"
    given = json.loads(path.read_text(encoding="utf-8"))["config"]["subscriptions"]
    subscribed = [(one["objectType"], one["propertyName"]) for one in given["crmObjects"]]
    watches = load_text("", crm="hubspot").programme.watch
    singular = {"companies": "company", "contacts": "contact", "deals": "deal"}
    assert subscribed == [(singular[watch.object], watch.stage) for watch in watches]


@pytest.mark.slow
def test_with_exactly_these_scopes_a_departure_runs_and_with_one_less_it_does_not() -> None:
    """The sandbox holds each call against HubSpot's list; it shares no table with this test."""
    app = json.loads((PLUGIN / "src/app/app-hsmeta.json").read_text(encoding="utf-8"))
    scopes = app["config"]["auth"]["requiredScopes"]
    with trial("demo", start=datetime(2026, 3, 2, 9, tzinfo=UTC)) as stage:
        options = stage.sandbox.world.dialects["hubspot"].options
        options["scopes"] = " ".join(scopes)
        stage.provision("hubspot")
        connection = stage.connect("hubspot")
        stage.cycle(connection)
        customer = next(iter(stage.customers("hubspot").values()))
        by = stage.colleague("hubspot")
        stage.edit("hubspot", customer.id, "customer_stage", "churning", by=by)
        for _ in range(2):
            stage.advance(timedelta(minutes=15))
            stage.cycle(connection)
        sheet = stage.desk("hubspot").customer(customer.id)
        assert sheet is not None
        assert sum(entry.kind == "task" for entry in sheet.timeline) > 2
        objects = ["companies", "contacts", TASK, NOTE]
        assert connection.crm.lacking(objects) == ()
        # To read properties, the scope of their objects does as well.
        alike = {scope for scope in scopes if re.fullmatch(r"crm\.schemas\.\w+\.read", scope)}
        for scope in set(scopes) - alike - {BASIC}:
            options["scopes"] = " ".join(set(scopes) - {scope})
            assert scope in connection.crm.lacking(objects), scope


@pytest.mark.slow
def test_with_one_scope_of_custom_objects_less_no_departure_is_kept_in_one() -> None:
    mapping = {"record": "object"}
    start = datetime(2026, 3, 2, 9, tzinfo=UTC)
    with trial("demo", start=start, crms=["hubspot"], mapping=mapping) as stage:
        options = stage.sandbox.world.dialects["hubspot"].options
        stage.provision("hubspot")
        connection = stage.connect("hubspot")
        objects = [connection.keeping.object]
        app = json.loads((PLUGIN / "src/app/app-hsmeta.json").read_text(encoding="utf-8"))
        scopes = {*app["config"]["auth"]["requiredScopes"], *CUSTOM}
        options["scopes"] = " ".join(scopes)
        assert connection.crm.lacking(objects) == ()
        for scope in CUSTOM:
            options["scopes"] = " ".join(scopes - {scope})
            assert scope in connection.crm.lacking(objects), scope
