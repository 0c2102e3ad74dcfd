"""Who one is with a token.

Source: Salesforce Help, "Identity URLs", "The UserInfo Endpoint".
"""

from __future__ import annotations

from collections.abc import Mapping

from integrations.sandbox.http import Answer
from integrations.sandbox.salesforce.call import Call, base_url
from integrations.sandbox.salesforce.org import Org
from integrations.sandbox.salesforce.table import Row


def userinfo(call: Call) -> Answer:
    """``/services/oauth2/userinfo``, in the words of OpenID Connect."""
    user, org = _user(call), call.org
    base = base_url(call.request)
    return Answer(
        body={
            "sub": f"{base}/id/{org.id}/{user['Id']}",
            "user_id": user["Id"],
            "organization_id": org.id,
            "preferred_username": user["Username"],
            "nickname": user["CommunityNickname"],
            "name": user["Name"],
            "email": user["Email"],
            "email_verified": True,
            "given_name": user["FirstName"],
            "family_name": user["LastName"],
            "zoneinfo": user["TimeZoneSidKey"],
            "urls": _urls(base, org, user),
            "active": user["IsActive"],
            "user_type": "STANDARD",
            "language": user["LanguageLocaleKey"],
            "locale": user["LocaleSidKey"],
            "updated_at": user["LastModifiedDate"],
        }
    )


def identity(call: Call) -> Answer:
    """``/id/{organization}/{user}``, the address that a token comes with."""
    user, org = _user(call), call.org
    base = base_url(call.request)
    return Answer(
        body={
            "id": f"{base}/id/{org.id}/{user['Id']}",
            "asserted_user": True,
            "user_id": user["Id"],
            "organization_id": org.id,
            "username": user["Username"],
            "nick_name": user["CommunityNickname"],
            "display_name": user["Name"],
            "email": user["Email"],
            "email_verified": True,
            "first_name": user["FirstName"],
            "last_name": user["LastName"],
            "timezone": user["TimeZoneSidKey"],
            "urls": _urls(base, org, user),
            "active": user["IsActive"],
            "user_type": "STANDARD",
            "language": user["LanguageLocaleKey"],
            "locale": user["LocaleSidKey"],
            "last_modified_date": user["LastModifiedDate"],
            "is_app_installed": True,
        }
    )


def _user(call: Call) -> Row:
    return call.org["User"].rows[call.session.user]


def _urls(base: str, org: Org, user: Row) -> Mapping[str, str]:
    data = f"{base}/services/data/v{{version}}"
    return {
        "enterprise": f"{base}/services/Soap/c/{{version}}/{org.id}",
        "metadata": f"{base}/services/Soap/m/{{version}}/{org.id}",
        "partner": f"{base}/services/Soap/u/{{version}}/{org.id}",
        "rest": f"{data}/",
        "sobjects": f"{data}/sobjects/",
        "search": f"{data}/search/",
        "query": f"{data}/query/",
        "recent": f"{data}/recent/",
        "tooling_rest": f"{data}/tooling/",
        "profile": f"{base}/{user['Id']}",
        "custom_domain": base,
    }
