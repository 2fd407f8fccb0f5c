"""What the content security policy forbids in a page: anything that a browser would run or style inline."""

from html.parser import HTMLParser

DATA_BLOCKS = {"application/json", "application/ld+json"}


class _Scanner(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attributes):
        names = dict(attributes)
        if "style" in names:
            self.found.append(f"<{tag} style={names['style']!r}>")
        self.found += [f"<{tag} {name}>" for name in names if name.startswith("on")]
        self.found += [
            f"<{tag} {name}={value!r}>"
            for name, value in attributes
            if name in {"href", "src", "action", "formaction"}
            and (value or "").strip().lower().startswith("javascript:")
        ]
        if tag == "style" or (tag == "script" and "src" not in names and names.get("type") not in DATA_BLOCKS):
            self.found.append(f"<{tag}>")

    handle_startendtag = handle_starttag


def inline_parts(page: str) -> list[str]:
    """Return what would be blocked: inline styles, inline scripts, event handlers, javascript: addresses."""
    scanner = _Scanner()
    scanner.feed(page)
    return scanner.found
