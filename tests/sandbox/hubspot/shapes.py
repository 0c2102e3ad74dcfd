"""Checks an answer against HubSpot's own models, as its Python client carries them.

The models know which fields are required and which words an enumeration has; unknown fields are
counted as wrong, too. What the client's version 12 lacks is listed here, from the models of
HubSpot's successor SDK (version 2026-03).
"""

from __future__ import annotations

import re
from types import ModuleType
from typing import Any

_GENERIC = re.compile(r"(list|dict)\[(.*)\]")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z")
_PLAIN: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
    "object": (object,),
}

#: Fields that the dated versions have added to a model.
ADDED: dict[str, dict[str, str]] = {
    "SimplePublicObject": {"url": "str"},
    "SimplePublicObjectWithAssociations": {"url": "str"},
    "SimplePublicUpsertObject": {"url": "str"},
    "PublicObjectList": {"listPermissions": "object", "membershipSettings": "object"},
    "PublicOwner": {"type": "str", "userIdIncludingInactive": "int"},
    "ModelProperty": {"dataSensitivity": "str"},
    "RecordListMembership": {"isPublicList": "bool"},
    "ThrottlingSettings": {"period": "str"},
    "TokenResponseIF": {
        "token_use": "str",
        "hub_id": "int",
        "user_id": "int",
        "scopes": "list[str]",
    },
    "ObjectTypeDefinition": {"allowsSensitiveProperties": "bool"},
    "ObjectSchema": {"allowsSensitiveProperties": "bool"},
}

_ACTION = {
    "status": "str",
    "startedAt": "datetime",
    "completedAt": "datetime",
}
#: Models that the client does not have. ``?`` after a field: it may be missing.
OWN: dict[str, dict[str, str]] = {
    "ActionResponseWithResultsPublicStatus": {**_ACTION, "results": "list[PublicStatus]"},
    "ActionResponseWithResultsPublicWideStatus": {**_ACTION, "results": "list[PublicWideStatus]"},
    "ActionResponseWithResultsSubscriptionDefinition": {
        **_ACTION,
        "results": "list[DatedSubscriptionDefinition]",
    },
    "PublicStatus": {
        "channel": "str",
        "source": "str",
        "status": "str",
        "subscriberIdString": "str",
        "subscriptionId": "int",
        "timestamp": "datetime",
        "businessUnitId?": "int",
        "legalBasis?": "str",
        "legalBasisExplanation?": "str",
        "setStatusSuccessReason?": "str",
        "subscriptionName?": "str",
    },
    "PublicWideStatus": {
        "channel": "str",
        "status": "str",
        "subscriberIdString": "str",
        "timestamp": "datetime",
        "wideStatusType": "str",
        "businessUnitId?": "int",
    },
    "BatchResponsePublicStatus": {**_ACTION, "results": "list[PublicStatus]"},
    "BatchResponsePublicStatusBulkResponse": {
        **_ACTION,
        "results": "list[PublicStatusBulkResponse]",
    },
    "PublicStatusBulkResponse": {"subscriberIdString": "str", "statuses": "list[PublicStatus]"},
    "BatchResponsePublicWideStatusBulkResponse": {
        **_ACTION,
        "results": "list[PublicWideStatusBulkResponse]",
    },
    "PublicWideStatusBulkResponse": {
        "subscriberIdString": "str",
        "wideStatuses": "list[PublicWideStatus]",
    },
    "DatedSubscriptionDefinition": {
        "id": "str",
        "createdAt": "datetime",
        "description": "str",
        "isActive": "bool",
        "isDefault": "bool",
        "isInternal": "bool",
        "name": "str",
        "updatedAt": "datetime",
        "businessUnitId?": "int",
        "communicationMethod?": "str",
        "purpose?": "str",
    },
    "PortalInformationResponse": {
        "accountType": "str",
        "additionalCurrencies": "list[str]",
        "companyCurrency": "str",
        "dataHostingLocation": "str",
        "portalId": "int",
        "timeZone": "str",
        "uiDomain": "str",
        "utcOffset": "str",
        "utcOffsetMilliseconds": "int",
    },
    "CollectionResponseAPIUsage": {"results": "list[APIUsage]"},
    "APIUsage": {
        "collectedAt": "datetime",
        "currentUsage": "int",
        "fetchStatus": "str",
        "name": "str",
        "usageLimit": "int",
        "resetsAt?": "datetime",
    },
    "PublicRefreshTokenInfoResponse": {
        "token": "str",
        "active": "bool",
        "app_id": "int",
        "client_id": "str",
        "hub_id": "int",
        "scopes": "list[str]",
        "token_type": "str",
        "token_use": "str",
        "user_id": "int",
        "hub_domain?": "str",
        "user?": "str",
    },
    "CollectionResponseAssociationSpecWithLabel": {"results": "list[AssociationSpecWithLabel]"},
    "CollectionResponseAssociatedIdForwardPaging": {
        "results": "list[AssociatedId]",
        "paging?": "object",
    },
    "BatchResponseVoid": {**_ACTION, "results": "list[object]"},
    "AssociatedId": {"id": "str", "type": "str"},
    "APICollectionResponseRecordListMembership": {
        "results": "list[RecordListMembership]",
        "total?": "int",
    },
}


def check(value: Any, shape: str, models: ModuleType, where: str = "answer") -> None:
    """Fails where the value is not of this shape; ``where`` names the place."""
    if generic := _GENERIC.fullmatch(shape):
        _check_generic(value, generic[1], generic[2], models, where)
    elif shape == "datetime":
        assert isinstance(value, str), where
        assert _MOMENT.fullmatch(value), f"{where}: {value}"
    elif shape in _PLAIN:
        assert isinstance(value, _PLAIN[shape]), f"{where}: {value!r} is no {shape}"
        assert shape == "bool" or value is not True, where
    elif shape in OWN:
        wanted = OWN[shape]
        required = {name for name in wanted if not name.endswith("?")}
        known = {name.removesuffix("?"): type_ for name, type_ in wanted.items()}
        _check_fields(value, known, required, models, where)
    else:
        _check_model(value, shape, models, where)


def _check_generic(value: Any, kind: str, inner: str, models: ModuleType, where: str) -> None:
    if kind == "list":
        assert isinstance(value, list), f"{where} is no list"
        for place, one in enumerate(value):
            check(one, inner, models, f"{where}[{place}]")
    else:
        assert isinstance(value, dict), f"{where} is no object"
        for name, one in value.items():
            if one is not None:  # a property without a value
                check(one, inner.partition(", ")[2], models, f"{where}.{name}")


def _check_model(value: Any, shape: str, models: ModuleType, where: str) -> None:
    model = getattr(models, shape)
    names: dict[str, str] = model.attribute_map
    known = {names[attribute]: type_ for attribute, type_ in model.openapi_types.items()}
    _check_fields(value, known | ADDED.get(shape, {}), set(), models, where)
    given = {attribute: value[name] for attribute, name in names.items() if name in value}
    model(**given)  # raises ValueError for what is missing, and for an unknown word


def _check_fields(
    value: Any, known: dict[str, str], required: set[str], models: ModuleType, where: str
) -> None:
    assert isinstance(value, dict), f"{where} is no object"
    assert set(value) <= set(known), f"{where} has {set(value) - set(known)}"
    assert required <= set(value), f"{where} lacks {required - set(value)}"
    for name, one in value.items():
        if one is not None:
            check(one, known[name], models, f"{where}.{name}")
