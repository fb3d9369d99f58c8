"""Words that were asked for are marked in what they found."""

from services.tasks.pages.marking import marked


def asked_for(text: str, asked: str, *, as_written: bool = True) -> list[str]:
    """The pieces that are marked; all pieces together are the text."""
    pieces = marked(text, asked, as_written=as_written)
    assert "".join(piece.text for piece in pieces) == text
    return [piece.text for piece in pieces if piece.asked]


def test_words_without_marks_find_words_with_any() -> None:
    assert asked_for("Rà soát Kế hoạch và kè hoách.", "ke hoach") == ["Kế hoạch", "kè hoách"]


def test_words_with_marks_find_themselves_alone_where_they_stand_so() -> None:
    assert asked_for("Kế hoạch ven kè.", "kế") == ["Kế"]
    assert asked_for("Ke hoach ven kè.", "kế", as_written=False) == ["Ke", "kè"]


def test_numbers_are_marked_with_what_joins_them() -> None:
    assert asked_for("Theo 118/TB-SKHCN ngày 20.", "118/TB-SKHCN") == ["118/TB-SKHCN"]


def test_markup_stays_text_and_nothing_asked_marks_nothing() -> None:
    assert asked_for("<b>Tổ công tác</b>", "to") == ["Tổ"]
    assert asked_for("Tổ công tác.", "  ?! ") == []
