"""A call of each operation that succeeds, and the shape of its answer: what else a portal has."""

from __future__ import annotations

from dataclasses import replace

import hubspot.communication_preferences as preferences
from hubspot import oauth, webhooks
from hubspot.crm import owners, pipelines, schemas
from hubspot.marketing import transactional

from integrations.sandbox.hubspot.grants import (
    APP,
    CLIENT_ID,
    CLIENT_SECRET,
    DEVELOPER_KEY,
    REFRESH_TOKEN,
)
from tests.sandbox.hubspot.cases import LIST, LISTS, PREFERENCES, Case

PIPELINES = "/crm/pipelines/2026-09/deals"
CLIENT = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
FILTERS = {
    "filterBranchType": "OR",
    "filterBranchOperator": "OR",
    "filterBranches": [],
    "filters": [],
}


#: A custom object.
BOAT = {
    "name": "boat",
    "labels": {"singular": "Boat", "plural": "Boats"},
    "primaryDisplayProperty": "boat_name",
    "requiredProperties": ["boat_name"],
    "searchableProperties": ["boat_name"],
    "properties": [
        {"name": "boat_name", "label": "Name", "type": "string", "fieldType": "text"},
        {"name": "hull", "label": "Hull", "type": "string", "fieldType": "text",
         "hasUniqueValue": True},
    ],
    "associatedObjects": ["COMPANY", "CONTACT"],
}  # fmt: skip


def of_lists() -> dict[str, Case]:
    """Operations on lists."""
    members = f"{LISTS}/{{list}}/memberships"
    changed = "MembershipsUpdateResponse"
    both = {"recordIdsToAdd": ["{ida}"], "recordIdsToRemove": ["{jon}"]}
    return {
        "lists.create": Case(method="POST", path=LISTS, body=LIST, shape="ListCreateResponse"),
        "lists.get": Case(method="GET", path=f"{LISTS}/{{list}}", shape="ListFetchResponse"),
        "lists.search": Case(
            method="POST", path=f"{LISTS}/search", body={}, shape="ListSearchResponse"
        ),
        "lists.mapping.read": Case(
            method="POST",
            path=f"{LISTS}/idmapping",
            body=["1"],
            shape="PublicBatchMigrationMapping",
        ),
        "lists.list": Case(
            method="GET", path=LISTS, query={"listIds": "{list}"}, shape="ListsByIdResponse"
        ),
        "lists.rename": Case(
            method="PUT",
            path=f"{LISTS}/{{list}}/update-list-name",
            query={"listName": "Friends"},
            shape="ListUpdateResponse",
        ),
        "lists.filter": Case(
            method="PUT",
            path=f"{LISTS}/{{dynamic}}/update-list-filters",
            body={"filterBranch": FILTERS},
            shape="ListUpdateResponse",
        ),
        "lists.restore": Case(method="PUT", path=f"{LISTS}/{{gone}}/restore", status=204),
        "memberships.joined.list": Case(
            method="GET",
            path=f"{members}/join-order",
            shape="ApiCollectionResponseJoinTimeAndRecordId",
        ),
        "memberships.clear": Case(method="DELETE", path=members, status=204),
        "memberships.copy": Case(method="PUT", path=f"{members}/add-from/{{list}}", status=204),
        "lists.archive": Case(method="DELETE", path=f"{LISTS}/{{list}}", status=204),
        "memberships.list": Case(
            method="GET", path=members, shape="ApiCollectionResponseJoinTimeAndRecordId"
        ),
        "memberships.get": Case(
            method="GET",
            path=f"{LISTS}/records/0-1/{{jon}}/memberships",
            shape="APICollectionResponseRecordListMembership",
        ),
        # HubSpot's own client does not have this one yet.
        "memberships.batch.read": Case(
            method="POST",
            path=f"{LISTS}/records/memberships/batch/read",
            body={"inputs": [{"objectTypeId": "0-1", "recordId": "{jon}"}]},
            shape="",
        ),
        "memberships.add": Case(method="PUT", path=f"{members}/add", body=["{ida}"], shape=changed),
        "memberships.remove": Case(
            method="PUT", path=f"{members}/remove", body=["{jon}"], shape=changed
        ),
        "memberships.change": Case(
            method="PUT", path=f"{members}/add-and-remove", body=both, shape=changed
        ),
    }


def of_pipelines() -> dict[str, Case]:
    """Operations on pipelines and stages."""
    stages = f"{PIPELINES}/default/stages"
    stage = {"label": "Won", "displayOrder": 9, "metadata": {"probability": "1.0"}}
    whole = {"label": "Renewals", "displayOrder": 1, "stages": [stage]}
    one, many = "Pipeline", "CollectionResponsePipelineNoPaging"
    made = f"{PIPELINES}/{{pipeline}}"
    cases = {
        "pipelines.list": Case(method="GET", path=PIPELINES, shape=many),
        "pipelines.create": Case(method="POST", path=PIPELINES, body=whole, status=201, shape=one),
        "pipelines.get": Case(method="GET", path=f"{PIPELINES}/default", shape=one),
        "pipelines.update": Case(
            method="PATCH", path=f"{PIPELINES}/default", body={"label": "Sales"}, shape=one
        ),
        "pipelines.replace": Case(method="PUT", path=made, body=whole, shape=one),
        "pipelines.archive": Case(method="DELETE", path=made, status=204),
        "stages.list": Case(
            method="GET", path=stages, shape="CollectionResponsePipelineStageNoPaging"
        ),
        "stages.create": Case(
            method="POST", path=stages, body=stage, status=201, shape="PipelineStage"
        ),
        "stages.get": Case(method="GET", path=f"{stages}/closedwon", shape="PipelineStage"),
        "stages.update": Case(
            method="PATCH",
            path=f"{stages}/closedwon",
            body={"label": "Won"},
            shape="PipelineStage",
        ),
        "stages.replace": Case(
            method="PUT", path=f"{stages}/closedwon", body=stage, shape="PipelineStage"
        ),
        "stages.archive": Case(method="DELETE", path=f"{stages}/closedwon", status=204),
        "stages.audit.list": Case(
            method="GET",
            path=f"{stages}/closedwon/audit",
            shape="CollectionResponsePublicAuditInfoNoPaging",
        ),
        "pipelines.audit.list": Case(
            method="GET", path=f"{made}/audit", shape="CollectionResponsePublicAuditInfoNoPaging"
        ),
    }
    return {name: replace(case, models=pipelines) for name, case in cases.items()}


def of_signing_in() -> dict[str, Case]:
    """Operations on tokens, and on the webhooks of an app. None of them takes the service key."""
    token, hooks = "/oauth/v1/refresh-tokens/" + REFRESH_TOKEN, f"/webhooks/v3/{APP}"
    form = {"grant_type": "refresh_token", "refresh_token": REFRESH_TOKEN, **CLIENT}
    key: dict[str, object] = {"hapikey": DEVELOPER_KEY}
    wish = {"eventType": "company.creation", "active": True}
    agreed = {"client_id": CLIENT["client_id"], "redirect_uri": "http://127.0.0.1/x"}
    to = {"targetUrl": "http://127.0.0.1:9/", "throttling": {"maxConcurrentRequests": 10}}
    one = f"{hooks}/subscriptions/{{wish}}"
    cases = {
        "oauth.token": Case(
            method="POST", path="/oauth/v1/token", form=form, shape="TokenResponseIF"
        ),
        "oauth.access.get": Case(
            method="GET",
            path="/oauth/v1/access-tokens/{access}",
            shape="AccessTokenInfoResponse",
        ),
        "oauth.refresh.get": Case(method="GET", path=token, shape="RefreshTokenInfoResponse"),
        "oauth.introspect.get": Case(
            method="POST",
            path="/oauth/2026-03/token/introspect",
            form={"token": REFRESH_TOKEN, **CLIENT},
            shape="PublicRefreshTokenInfoResponse",
        ),
        "oauth.revoke": Case(method="DELETE", path=token, status=204),
        "oauth.authorize.get": Case(
            method="GET", path="/oauth/authorize", query=dict(agreed), status=302
        ),
    }
    cases = {name: replace(case, models=oauth) for name, case in cases.items()}
    hooked = {
        "webhooks.settings.update": Case(
            method="PUT", path=f"{hooks}/settings", body=to, shape="SettingsResponse"
        ),
        "webhooks.settings.get": Case(
            method="GET", path=f"{hooks}/settings", shape="SettingsResponse"
        ),
        "webhooks.settings.archive": Case(method="DELETE", path=f"{hooks}/settings", status=204),
        "webhooks.create": Case(
            method="POST",
            path=f"{hooks}/subscriptions",
            body=wish,
            status=201,
            shape="SubscriptionResponse",
        ),
        "webhooks.list": Case(
            method="GET", path=f"{hooks}/subscriptions", shape="SubscriptionListResponse"
        ),
        "webhooks.get": Case(method="GET", path=one, shape="SubscriptionResponse"),
        "webhooks.update": Case(
            method="PATCH", path=one, body={"active": False}, shape="SubscriptionResponse"
        ),
        "webhooks.batch.update": Case(
            method="POST",
            path=f"{hooks}/subscriptions/batch/update",
            body={"inputs": [{"id": "{wish}", "active": False}]},
            shape="BatchResponseSubscriptionResponse",
        ),
        "webhooks.archive": Case(method="DELETE", path=one, status=204),
    }
    hooked = {name: replace(case, query=key, models=webhooks) for name, case in hooked.items()}
    return cases | hooked


def of_the_rest() -> dict[str, Case]:
    """Owners, subscriptions, e-mail and the account."""
    channel: dict[str, object] = {"channel": "EMAIL"}
    address = f"{PREFERENCES}/statuses/jon@birch.example"
    many, somebody = f"{PREFERENCES}/statuses/batch", {"inputs": ["jon@birch.example"]}
    said = "ActionResponseWithResultsPublicStatus"
    choice = {"channel": "EMAIL", "subscriptionId": "604218001", "statusState": "SUBSCRIBED"}
    choice_3 = {"emailAddress": "ida@birch.example", "subscriptionId": "604218001"}
    old = "/communication-preferences/v3"
    mail = {"emailId": 7, "message": {"to": "ida@birch.example", "sendId": "s"}}
    return {
        "owners.list": Case(
            method="GET",
            path="/crm/owners/2026-09",
            query={"limit": 1},
            shape="CollectionResponsePublicOwnerForwardPaging",
            models=owners,
        ),
        "owners.get": Case(
            method="GET", path="/crm/owners/2026-09/{owner}", shape="PublicOwner", models=owners
        ),
        "subscriptions.definitions.list": Case(
            method="GET",
            path=f"{PREFERENCES}/definitions",
            shape="ActionResponseWithResultsSubscriptionDefinition",
        ),
        "subscriptions.get": Case(method="GET", path=address, query=channel, shape=said),
        "subscriptions.update": Case(method="POST", path=address, body=choice, shape=said),
        "subscriptions.all.get": Case(
            method="GET",
            path=f"{address}/unsubscribe-all",
            query=channel,
            shape="ActionResponseWithResultsPublicWideStatus",
        ),
        "subscriptions.batch.read": Case(
            method="POST",
            path=f"{many}/read",
            query=channel,
            body=somebody,
            shape="BatchResponsePublicStatusBulkResponse",
        ),
        "subscriptions.batch.write": Case(
            method="POST",
            path=f"{many}/write",
            body={"inputs": [{**choice, "subscriberIdString": "ida@birch.example"}]},
            shape="BatchResponsePublicStatus",
        ),
        "subscriptions.all.batch.read": Case(
            method="POST",
            path=f"{many}/unsubscribe-all/read",
            query=channel,
            body=somebody,
            shape="BatchResponsePublicWideStatusBulkResponse",
        ),
        "subscriptions.all.leave": Case(
            method="POST",
            path=f"{address}/unsubscribe-all",
            query={**channel, "verbose": "true"},
            shape=said,
        ),
        "subscriptions.subscribe": Case(
            method="POST",
            path=f"{old}/subscribe",
            body=choice_3,
            shape="PublicSubscriptionStatus",
            models=preferences,
        ),
        "subscriptions.unsubscribe": Case(
            method="POST",
            path=f"{old}/unsubscribe",
            body=choice_3,
            shape="PublicSubscriptionStatus",
            models=preferences,
        ),
        "schemas.list": Case(
            method="GET",
            path="/crm-object-schemas/v3/schemas",
            shape="CollectionResponseObjectSchemaNoPaging",
            models=schemas,
        ),
        "schemas.get": Case(
            method="GET",
            path="/crm-object-schemas/v3/schemas/companies",
            shape="ObjectSchema",
            models=schemas,
        ),
        "schemas.create": Case(
            method="POST",
            path="/crm-object-schemas/2026-09/schemas",
            body={**BOAT, "name": "yacht"},
            status=201,
            shape="ObjectSchema",
            models=schemas,
        ),
        "schemas.update": Case(
            method="PATCH",
            path="/crm-object-schemas/2026-09/schemas/{custom}",
            body={"labels": {"singular": "Ship"}, "requiredProperties": []},
            shape="ObjectTypeDefinition",
            models=schemas,
        ),
        "schemas.associations.create": Case(
            method="POST",
            path="/crm-object-schemas/2026-09/schemas/{custom}/associations",
            body={"fromObjectTypeId": "{custom}", "toObjectTypeId": "0-3", "name": "a"},
            status=201,
            shape="AssociationDefinition",
            models=schemas,
        ),
        "schemas.associations.archive": Case(
            method="DELETE",
            path="/crm-object-schemas/2026-09/schemas/{custom}/associations/{plain}",
            status=204,
        ),
        "schemas.archive": Case(
            method="DELETE", path="/crm-object-schemas/v3/schemas/{custom}", status=204
        ),
        "objects.contacts.erase": Case(
            method="POST",
            path="/crm/objects/2026-09/contacts/gdpr-delete",
            body={"objectId": "{ida}"},
            status=204,
        ),
        "email.send": Case(
            method="POST",
            path="/marketing/transactional/2026-09/single-email/send",
            body=mail,
            shape="EmailSendStatusView",
            models=transactional,
        ),
        "account.info": Case(
            method="GET", path="/account-info/2026-09/details", shape="PortalInformationResponse"
        ),
        "usage.get": Case(
            method="GET",
            path="/account-info/2026-09/api-usage/daily/private-apps",
            shape="CollectionResponseAPIUsage",
        ),
    }
