"""Keys of model servers in the system's own keyring (Keychain, Credential Locker, Secret Service), by the server's name; nowhere else."""

from __future__ import annotations

from ipt_roleplay.errors import InputError

SERVICE = "ipt-roleplay"


def kept_key(host: str) -> str:
    """The key kept for a server, or "": also where this computer has no keyring, or it is locked."""
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(SERVICE, host) or ""
    except KeyringError:
        return ""


def keep_key(host: str, key: str) -> None:
    """Keep a key for a server. Raises InputError where this computer has no keyring that can be used."""
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(SERVICE, host, key)
    except KeyringError:
        raise InputError(
            "This computer has no keyring that can be used just now, so the key was not kept. Set OPENAI_API_KEY instead."
        ) from None


def forget_key(host: str) -> bool:
    """Forget the key of a server; whether there was one."""
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.delete_password(SERVICE, host)
    except KeyringError:
        return False
    return True
