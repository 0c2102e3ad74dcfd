"""Who one is with a token.

Source: Salesforce Help, "Identity URLs", "Identity URL Response Parameters", "The UserInfo
Endpoint". The identity service refuses with status 403 and one word; the data API answers 401.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from integrations.sandbox.http import Answer, Request
from integrations.sandbox.salesforce.call import Call, base_url
from integrations.sandbox.salesforce.ids import normal
from integrations.sandbox.salesforce.table import Row

#: The version that ``?version=latest`` means.
_LATEST: Final = "66.0"


def refused(request: Request) -> Answer:
    """The answer to a token that is no good, or to none."""
    return _word(403, "Bad_OAuth_Token" if _token(request) else "Missing_OAuth_Token")


def _token(request: Request) -> str:
    return request.headers.get("authorization", "").partition(" ")[2].strip()


def _word(status: int, word: str) -> Answer:
    return Answer(status=status, body=word, media_type="text/html;charset=UTF-8")


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
            "photos": _photos(base),
            "profile": f"{base}/{user['Id']}",
            "picture": _photos(base)["picture"],
            "address": {"country": user["Country"]} if user["Country"] else {},
            "is_salesforce_integration_user": False,
            "urls": _urls(call, user),
            "active": user["IsActive"],
            "user_type": "STANDARD",
            "language": user["LanguageLocaleKey"],
            "locale": user["LocaleSidKey"],
            "utcOffset": _offset(call, user),
            "updated_at": user["LastModifiedDate"],
        }
    )


def identity(call: Call) -> Answer:
    """``/id/{organization}/{user}``, the address that a token comes with."""
    org, asked = call.org, call.request.params
    if normal(asked["organization"]) != org.id:
        return _word(403, "Wrong_Org")
    user = org["User"].rows.get(normal(asked["user"]) or "")
    if user is None:
        return _word(404, "Bad_Id")
    base = base_url(call.request)
    return Answer(
        body={
            "id": f"{base}/id/{org.id}/{user['Id']}",
            "asserted_user": user["Id"] == call.session.user,
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
            "photos": _photos(base),
            "addr_street": user["Street"],
            "addr_city": user["City"],
            "addr_state": user["State"],
            "addr_country": user["Country"],
            "addr_zip": user["PostalCode"],
            "mobile_phone": user["MobilePhone"],
            "mobile_phone_verified": False,
            "is_lightning_login_user": False,
            "status": {"created_date": None, "body": None},
            "urls": _urls(call, user),
            "active": user["IsActive"],
            "user_type": "STANDARD",
            "language": user["LanguageLocaleKey"],
            "locale": user["LocaleSidKey"],
            "utcOffset": _offset(call, user),
            "last_modified_date": user["LastModifiedDate"],
            "is_app_installed": True,
        }
    )


def _user(call: Call) -> Row:
    return call.org["User"].rows[call.session.user]


def _photos(base: str) -> dict[str, str]:
    return {f: f"{base}/profilephoto/005/{f[0].upper()}" for f in ("picture", "thumbnail")}


def _offset(call: Call, user: Row) -> int:
    """Milliseconds that the user's time zone is ahead, without daylight saving."""
    there = call.org.clock.now().astimezone(ZoneInfo(str(user["TimeZoneSidKey"])))
    ahead = (there.utcoffset() or timedelta()) - (there.dst() or timedelta())
    return int(ahead / timedelta(milliseconds=1))


def _urls(call: Call, user: Row) -> Mapping[str, str]:
    """Where the APIs are; ``?version=`` fills in the version."""
    base, org = base_url(call.request), call.org
    asked = call.request.query.get("version", "{version}")
    version = _LATEST if asked == "latest" else asked
    data = f"{base}/services/data/v{version}"
    return {
        "enterprise": f"{base}/services/Soap/c/{version}/{org.id[:15]}",
        "metadata": f"{base}/services/Soap/m/{version}/{org.id[:15]}",
        "partner": f"{base}/services/Soap/u/{version}/{org.id[:15]}",
        "rest": f"{data}/",
        "sobjects": f"{data}/sobjects/",
        "search": f"{data}/search/",
        "query": f"{data}/query/",
        "recent": f"{data}/recent/",
        "tooling_rest": f"{data}/tooling/",
        "profile": f"{base}/{user['Id']}",
        "custom_domain": base,
    }
