"""Links for customers: made when a message is delivered, and never kept.

A link's token is an HMAC of the invitation's key, so that it can be made again at any time and
guessed at none. In plans and in the ledger a mark stands where the link will be.
"""

from __future__ import annotations

import hmac
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256

from integrations.contract import Value

_MARK = re.compile(r"aurevoir-link\[([a-z0-9:_]+)\]", re.IGNORECASE)
#: Where links lead to, by what they are for; else to the survey.
_PLACES = {"page": "c", "notice": "n"}


def purpose(invitation: str) -> str:
    """What a link is for: a token of one purpose opens nothing else."""
    return invitation.split(":")[1]


def marked(text: object) -> tuple[str, ...]:
    """The invitations whose links stand in a text."""
    return tuple(_MARK.findall(text)) if isinstance(text, str) else ()


def mark(invitation: str) -> str:
    """What stands in a text where the link to this invitation will be."""
    return f"aurevoir-link[{invitation}]"


class Links:
    """Makes links under the newest key; the hashes under all of them are told for looking up."""

    def __init__(self, public_url: str, keys: Sequence[bytes]) -> None:
        if not keys:
            raise ValueError("at least one link key is needed")
        self._base = public_url.rstrip("/")
        self._keys = tuple(keys)

    @property
    def address(self) -> str:
        """What every link begins with."""
        return self._base

    def token(self, invitation: str) -> str:
        """The secret part of the link: 192 bits, safe in a path."""
        digest = hmac.new(self._keys[0], invitation.encode(), sha256).digest()
        return urlsafe_b64encode(digest[:24]).decode()

    def url(self, invitation: str) -> str:
        """The whole link."""
        place = _PLACES.get(purpose(invitation), "s")
        return f"{self._base}/{place}/{self.token(invitation)}"

    def hash(self, invitation: str) -> str:
        """What the store keeps of the link."""
        return hashed(self.token(invitation))

    def sealed(self, purpose: str, *parts: str) -> str:
        """A link that says by itself what it is about, for what the store does not know yet."""
        said = urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")
        return f"{self._base}/{_PLACES[purpose]}/{said}.{_seal(self._keys[0], purpose, said)}"

    def unsealed(self, purpose: str, token: str) -> tuple[str, ...] | None:
        """What such a link is about; None if we have not made it."""
        said, _, seal = token.partition(".")
        seals = (_seal(key, purpose, said) for key in self._keys)
        if not any(hmac.compare_digest(seal.encode(), one.encode()) for one in seals):
            return None
        return tuple(json.loads(urlsafe_b64decode(said + "=" * (-len(said) % 4))))

    def reveal(self, values: Mapping[str, Value]) -> dict[str, Value]:
        """The values with links where the marks stand."""
        return {name: self._revealed(value) for name, value in values.items()}

    def masked(self, values: Mapping[str, Value]) -> dict[str, Value]:
        """The values as people may see them: whoever has a link can answer in somebody's name."""
        pattern = re.compile(re.escape(self._base) + r"/([scn])/[\w-]+(\.[\w-]+)?")
        return {
            name: pattern.sub(rf"{self._base}/\1/•••", value) if isinstance(value, str) else value
            for name, value in self.reveal(values).items()
        }

    def conceal(self, given: Mapping[str, Value], wanted: Mapping[str, Value]) -> dict[str, Value]:
        """What the CRM gave back, with the marks again where we had put links."""
        return {
            name: wanted[name]
            if isinstance(wanted.get(name), str) and _MARK.search(str(wanted[name]))
            else value
            for name, value in given.items()
        }

    def _revealed(self, value: Value) -> Value:
        if not isinstance(value, str):
            return value
        return _MARK.sub(lambda match: self.url(match[1]), value)


def _seal(key: bytes, purpose: str, said: str) -> str:
    digest = hmac.new(key, f"{purpose}\n{said}".encode(), sha256).digest()
    return urlsafe_b64encode(digest[:24]).decode()


def hashed(token: str) -> str:
    """The hash of a token; the token is random enough to need no salt."""
    return sha256(token.encode()).hexdigest()
