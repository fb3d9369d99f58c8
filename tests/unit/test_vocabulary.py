"""Everything that people read has words."""

from shared.events.catalogue import CATALOGUE
from shared.vocabulary import EVENTS


def test_every_event_of_the_catalogue_has_a_name_for_people() -> None:
    assert set(EVENTS) == {model.__name__ for model in CATALOGUE.models.values()}
