"""What a file of units and people says, and what is wrong with it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import deploy
from shared.directory.file import DirectoryFile, UnusableFile, read_file

YAML = """\
units:
  - id: van-phong
    name: Văn phòng Sở
    aliases: [VP]
    classes: [Các phòng và đơn vị]
people:
  - {id: ha, name: Phạm Thu Hà, unit: van-phong, position: Chánh Văn phòng, roles: [unit_lead, office],
     mail: ha@so.example}
"""

CSV = """\
kind;id;name;unit;position;roles;mail;aliases;classes
unit;van-phong;Văn phòng Sở;;;;;VP;Các phòng và đơn vị
person;ha;Phạm Thu Hà;van-phong;Chánh Văn phòng;unit_lead|office;ha@so.example;;
"""


def faults(text: str, name: str = "directory.yaml") -> list[str]:
    """What is wrong with a file, in English, each behind its line."""
    with pytest.raises(UnusableFile) as caught:
        read_file(text.encode(), name)
    return [f"{fault.line}: {fault.what.to('en', **fault.values)}" for fault in caught.value.faults]


def is_read_or_refused(content: bytes, name: str) -> bool:
    """Whether reading ends in one of the two ways that it may."""
    try:
        return isinstance(read_file(content, name), DirectoryFile)
    except UnusableFile as refusal:
        return bool(refusal.faults)


def test_yaml_and_csv_say_the_same() -> None:
    from_yaml = read_file(YAML.encode(), "directory.yaml")

    assert from_yaml == read_file(CSV.encode(), "directory.csv")
    assert from_yaml.units[0].aliases == ("VP",)
    assert from_yaml.people[0].roles == ("unit_lead", "office")


def test_a_spreadsheet_may_put_a_byte_order_mark_first_and_use_commas() -> None:
    text = "\ufeff" + CSV.replace(";", ",")

    assert read_file(text.encode(), "Danh bạ.CSV") == read_file(YAML.encode(), "directory.yaml")


def test_the_sample_can_be_used() -> None:
    sample = Path(deploy.__path__[0]) / "sample" / "directory.yaml"

    found = read_file(sample.read_bytes(), sample.name)

    assert len(found.units) == 7
    assert 12 <= len(found.people) <= 20


def test_every_fault_is_named_with_its_line() -> None:
    found = faults("units:\n  - {id: a b, name: A}\n  - {id: c, name: C, colour: red}\npeople:\n  - {id: p}\n")

    assert [each.partition(":")[0] for each in found] == ["2", "3", "5"]
    assert "colour: there is no field of this name" in found[1]
    assert "name: this field is missing" in found[2]


def test_an_id_stands_once() -> None:
    assert faults("units:\n  - {id: a, name: A}\n  - {id: a, name: B}\n") == ["3: this id is already used on line 2"]


def test_a_name_that_would_mean_two_units_is_refused() -> None:
    found = faults("units:\n  - {id: a, name: Phòng Kế hoạch}\n  - {id: b, name: B, aliases: [phòng kế-hoạch]}\n")

    assert found == ["3: the name “phòng kế-hoạch” already means a"]


@pytest.mark.parametrize(
    ("text", "name", "line"),
    [
        ("units: [", "x.yaml", 1),
        ("- a\n- b\n", "x.yaml", 1),
        ("units: []\nrooms: []\n", "x.yaml", 2),
        ("units: 3\n", "x.yaml", 1),
        ("units:\n  - 3\n", "x.yaml", 2),
        ("", "x.yaml", 1),
        ("", "x.csv", 1),
        ("id,name\n1,2\n", "x.csv", 1),
        ("kind,id,name\nroom,a,b\n", "x.csv", 2),
        ("units: !!python/object/apply:os.system [true]\n", "x.yaml", 1),
        ("units:\n  - {id: a, name: !!bool perhaps}\n", "x.yaml", 2),
        ("units:\n  - {id: a, name: !!timestamp soon}\n", "x.yaml", 2),
        ('units:\n  - {id: a, name: !!int ""}\n', "x.yaml", 2),
    ],
)
def test_what_is_no_directory_is_refused_at_its_line(text: str, name: str, line: int) -> None:
    assert faults(text, name)[0].startswith(f"{line}: ")


@pytest.mark.parametrize("text", ['units:\n  - {id: "\\ud800", name: a}\n', '"\\ud800": []\n'])
def test_half_a_character_is_refused_in_words_that_can_be_shown(text: str) -> None:
    with pytest.raises(UnusableFile) as refused:
        read_file(text.encode(), "x.yaml")
    assert all(fault.entry.encode() for fault in refused.value.faults)


def test_bytes_that_are_no_utf8_are_refused() -> None:
    with pytest.raises(UnusableFile):
        read_file(b"units:\n  - {id: a, name: \xff}\n", "x.yaml")


@given(st.binary(max_size=400), st.sampled_from(["x.yaml", "x.csv"]))
def test_any_bytes_are_read_or_refused(content: bytes, name: str) -> None:
    assert is_read_or_refused(content, name)


@given(st.text(alphabet="units:people\n -{}[],id&*a!'\"\t", max_size=200))
def test_anything_like_yaml_is_read_or_refused(text: str) -> None:
    assert is_read_or_refused(text.encode(), "x.yaml")
