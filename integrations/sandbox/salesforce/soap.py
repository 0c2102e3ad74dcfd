"""The SOAP API, as a new org meets those who would sign in with a user name and a password.

Source: SOAP API Developer Guide, "login()"; the words are those of public reports.
"""

from __future__ import annotations

from typing import Final

from integrations.sandbox.http import Answer, Request

_CODE: Final = "INVALID_OPERATION"
_WORDS: Final = "SOAP API login() is disabled by default in this org."
_FAULT: Final = f"""<?xml version="1.0" encoding="UTF-8"?>\
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" \
xmlns:sf="urn:fault.partner.soap.sforce.com" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body><soapenv:Fault>\
<faultcode>sf:{_CODE}</faultcode><faultstring>{_CODE}: {_WORDS}</faultstring><detail>\
<sf:UnexpectedErrorFault xsi:type="sf:UnexpectedErrorFault">\
<sf:exceptionCode>{_CODE}</sf:exceptionCode><sf:exceptionMessage>{_WORDS}</sf:exceptionMessage>\
</sf:UnexpectedErrorFault></detail></soapenv:Fault></soapenv:Body></soapenv:Envelope>"""
#: Partner and enterprise.
PATH: Final = r"/services/Soap/{api:[cu]}/{number:\d+\.\d}{org:(?:/\w+)?}"


def login(request: Request) -> Answer:
    """``POST /services/Soap/u/XX.X``: whatever is asked, nobody gets in here."""
    return Answer(status=500, body=_FAULT, media_type="text/xml;charset=UTF-8")
