"""Which mail addresses are taken in."""

from email.headerregistry import Address

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from shared.directory.file import UnusableFile, read_file
from shared.mail_address import MailAddress

ADDRESS: TypeAdapter[str] = TypeAdapter(MailAddress)


@pytest.mark.parametrize(
    "mail", ["an.nguyen@so.example", "a@b", "o'brien+x@haivan.example", "x" * 64 + "@a.vn", "a@1.vn"]
)
def test_an_address_that_can_be_written_to_is_taken(mail: str) -> None:
    assert ADDRESS.validate_python(mail) == mail


@pytest.mark.parametrize(
    "mail",
    ["", "an", "@so.example", "an@", "nguyễn@x.vn", "a..b@x.vn", "a.@x.vn", "a b@x.vn", '"a b"@x.vn', "a@x..vn",
     "a@x.vn.", "a@-x.vn", "(c)a@x.vn", "An <a@x.vn>", "a@x.vn, b@x.vn", "a@x.vn\nBcc: b@x.vn", "a@x.vn\n",
     "x" * 65 + "@a.vn", "a@" + "b." * 130 + "vn", "a@sở.vn"],
)  # fmt: skip
def test_what_no_mail_can_be_addressed_to_is_refused(mail: str) -> None:
    with pytest.raises(ValidationError):
        ADDRESS.validate_python(mail)


@given(st.text(alphabet="ab.@-_\"'()<>, ễ\n\\", max_size=12))
def test_whatever_is_taken_can_be_written_into_a_mail(text: str) -> None:
    try:
        taken = ADDRESS.validate_python(text)
    except ValidationError:
        return
    assert Address(addr_spec=taken).addr_spec == text


def test_a_file_with_an_address_of_other_letters_is_refused_at_its_line() -> None:
    file = "people:\n  - {id: an, name: An, mail: nguyễn@x.vn}\n"

    with pytest.raises(UnusableFile) as caught:
        read_file(file.encode(), "x.yaml")

    assert [fault.line for fault in caught.value.faults] == [2]
