"""Where a person may be sent after signing in: to a page of ours, and nowhere else."""

import re

HOME = "/"
_LONGEST = 2000
_OWN_PAGE = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*")


def own_page(wanted: str | None) -> str:
    """The page that was wanted, where it is an address of ours without a host; the first page otherwise.

    Browsers read `//host`, `/\\host` and control characters between as addresses of other sites.
    Source: WHATWG URL, section 4.4.
    """
    if wanted and len(wanted) <= _LONGEST and _OWN_PAGE.fullmatch(wanted) and not wanted.startswith("/signin"):
        return wanted
    return HOME
