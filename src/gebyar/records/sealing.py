"""Personal numbers and secrets are sealed at rest; a keyed hash lets equal numbers be found without opening them."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from functools import lru_cache

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


@lru_cache(maxsize=8)
def _derive(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"gebyar/" + purpose).derive(secret.encode())


@lru_cache(maxsize=4)
def _box(secrets: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(urlsafe_b64encode(_derive(secret, b"seal"))) for secret in secrets])


def _current_box() -> MultiFernet:
    return _box((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


def seal(text: str) -> bytes:
    """Encrypt with the current key (AES-128-CBC with HMAC-SHA-256, the Fernet format)."""
    return _current_box().encrypt(text.encode())


def open_sealed(token: bytes) -> str:
    """Decrypt with the current or an old key; raises ``cryptography.fernet.InvalidToken``."""
    return _current_box().decrypt(bytes(token)).decode()


def keyed_hash(text: str) -> bytes:
    """Return 32 bytes that are equal for equal texts and useless without the key.

    A plain hash of a 16-digit number could be reversed by trying them all.
    """
    return hmac.new(_derive(settings.SECRET_KEY, b"hash"), text.encode(), hashlib.sha256).digest()
