"""Which units are proposed for words that the directory does not know."""

from shared.directory.directory import Directory
from shared.directory.nearest import nearest
from shared.directory.resolution import Resolver
from shared.events.unit import UnitAliasAdded, UnitClosed, UnitRegistered


def resolver(*names: str) -> Resolver:
    """A directory of units of these names, whose ids are the places of their names."""
    directory = Directory()
    for place, name in enumerate(names):
        directory.apply(UnitRegistered(unit_id=str(place), name=name))
    return Resolver(directory)


def test_the_likest_name_comes_first_with_how_like_it_is() -> None:
    known = resolver("Phòng Quản lý công nghệ", "Phòng Quản lý khoa học", "Trạm y tế")
    found = nearest(known, "Phòng quan ly nghệ Khoa học", 3)
    assert [each.unit.name for each in found] == ["Phòng Quản lý khoa học", "Phòng Quản lý công nghệ"]
    assert all(each.how == "spelling" and 0 < each.likeness < 100 for each in found)


def test_a_name_that_the_directory_learnt_meanwhile_is_certain() -> None:
    known = resolver("Phòng Tổng hợp", "Văn phòng Sở")
    known.directory.apply(UnitAliasAdded(unit_id="1", alias="Tổ thư ký"))
    first, *_ = nearest(Resolver(known.directory), "tổ thư ký", 3)
    assert (first.unit.id, first.how) == ("1", "name")


def test_closed_units_and_unlike_names_are_not_proposed() -> None:
    known = resolver("Ban Chuyển đổi số", "Trạm y tế")
    known.directory.apply(UnitClosed(unit_id="0"))
    assert nearest(Resolver(known.directory), "Ban chuyen doi so", 3) == []
