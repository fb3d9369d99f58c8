"""What is said of a notice in which nothing can be found that somebody must do."""

from shared.language import Words


class UnreadableNotice(Exception):
    """The text holds no conclusion that could be published.

    `code` is stable; `detail`, filled in with `values`, says what was not found and how to mend it.
    """

    def __init__(self, code: str, detail: Words, **values: object) -> None:
        super().__init__(detail.to("en", **values))
        self.code = code
        self.detail = detail
        self.values = values
