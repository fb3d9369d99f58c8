"""What a page says of what was just done, by the code in its address."""

from collections.abc import Mapping

from shared.language import Words

SAID: Mapping[str, Words] = {}
