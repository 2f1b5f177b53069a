"""Which language model is chosen, if any, where it is, and what of a talk would leave this computer because of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

from ipt_roleplay.errors import InputError

OPENAI = "https://api.openai.com/v1"
PREFIX = "openai:"
AUTHORED, LOCAL = "authored", "local"
"""The settings without a server that was chosen: written lines, and a model file on this computer."""

NO_KEY = "none"
"""What is sent as the key to a server on this computer when none is set: the protocol wants one."""


@dataclass(frozen=True)
class ModelServer:
    """A model on an OpenAI-compatible server; `address` ends in the version, such as `http://127.0.0.1:8080/v1`."""

    model: str
    address: str
    key: str = field(repr=False)

    @property
    def host(self) -> str:
        """The name of the server's computer."""
        return urlsplit(self.address).hostname or ""

    @property
    def here(self) -> bool:
        """Whether the server is on this computer: reached without the network."""
        return _is_loopback(self.host)

    @property
    def encrypted(self) -> bool:
        """Whether others on the way cannot read along."""
        return self.address.startswith("https://")


@dataclass(frozen=True)
class Leaving:
    """What would leave this computer: `brief` for a list of checks; `sentence` and what goes with it for people; `to`: whom it goes to, "" for nobody."""

    brief: str
    sentence: str
    more: str
    to: str = ""

    @property
    def stays(self) -> bool:
        """Whether nothing leaves."""
        return not self.to


def chosen_server(model: str, environ: Mapping[str, str], kept_key: Callable[[str], str] = lambda host: "") -> ModelServer | None:
    """The server behind the setting `IPT_MODEL`, or None for written lines; only then is anything of OPENAI_* read.

    `kept_key` gives the key that is kept for a server's name; it is asked where the environment has none. Raises InputError if the address cannot be used or a key is missing.
    """
    if not model.startswith(PREFIX):
        return None
    address = chosen_address(environ)
    host = urlsplit(address).hostname or ""
    key = environ.get("OPENAI_API_KEY", "").strip() or kept_key(host)
    server = ModelServer(model.removeprefix(PREFIX), address, key)
    if server.key:
        return server
    if not server.here:
        raise InputError(
            f"The model at {server.host} needs a key: `ipt-roleplay model key` keeps it in this computer's keyring, or set OPENAI_API_KEY. Or set OPENAI_BASE_URL to a model server on this computer, "
            "or leave out IPT_MODEL to practise with written lines."
        )
    return ModelServer(server.model, server.address, NO_KEY)


def chosen_address(environ: Mapping[str, str]) -> str:
    """Where the model server is. Raises InputError if that cannot be used."""
    address = environ.get("OPENAI_BASE_URL", "").strip() or OPENAI
    _check(address)
    return address


def leaving(server: ModelServer | None, model: str = AUTHORED) -> Leaving:
    """What would leave this computer with this choice, computed from model and address."""
    if model == LOCAL:
        return Leaving(
            "nothing: the model runs on this computer",
            "Nothing leaves this computer.",
            "The person you talk with is a language model in a file on it.",
        )
    if server is None and model != AUTHORED:
        provider, _, name = model.partition(":")
        return Leaving(
            f"what you say goes to {provider}",
            f"What you say goes to {provider}.",
            f"The person you talk with is a language model of {provider} ({name}). Where exactly that is, its LangChain package decides (langchain-{provider}).",
            to=provider,
        )
    if server is None:
        return Leaving(
            "nothing: the partner speaks from written lines",
            "Nothing leaves this computer.",
            "The person you talk with is made of written lines. No word is sent anywhere.",
        )
    if server.here:
        return Leaving(
            f"nothing: the model server is on this computer ({urlsplit(server.address).netloc})",
            "Nothing leaves this computer.",
            f"The person you talk with is a language model that is served on it ({server.model}).",
        )
    way = "" if server.encrypted else " The way there is not encrypted: others on the network could read it."
    return Leaving(
        f"what you say goes to {server.host}{'' if server.encrypted else ', and the way there is not encrypted'}",
        f"What you say goes to {server.host}.",
        f"The person you talk with is a language model at {server.host} ({server.model}).{way}",
        to=server.host,
    )


def _check(address: str) -> None:
    """Refuse an address that cannot be called; it is not repeated, as it may hold a password."""
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and re.fullmatch(r"[\w.:-]+", parts.hostname or "") and parts.username is None
        usable = usable and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable:
        raise InputError(
            "OPENAI_BASE_URL cannot be used. Give an address such as http://127.0.0.1:8080/v1, without a name or password in it."
        )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
