"""The part of an address that names an edition, such as ifi-2026: it never looks like another page of the awards."""


class EditionSlug:
    regex = r"[a-z0-9][a-z0-9_-]*-[0-9]{4}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
