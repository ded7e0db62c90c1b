"""
What protects the record's fields, as the settings have it.
"""

from smsgw.config import Settings
from smsgw.security.fields import Fields
from smsgw.security.provider import load_key

__all__ = ["fields_of"]


def fields_of(settings: Settings) -> Fields:
    """
    With the key that the settings name; the first call of all makes one.
    """
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    protection = settings.protection
    path = protection.key_file or settings.data_dir / "fields.key"
    return Fields(protection.phone, protection.text, protection.patient, load_key(path))
