"""The Word files of the notices are what offices send: numbers as formatting, merged rows, text boxes."""

from pathlib import Path

import docx
import pytest
from docx.document import Document

from tests.notices.corpus import Labels, labels_file
from tests.notices.word import WORD_NOTICES, write_word_notices


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Document]:
    folder: Path = tmp_path_factory.mktemp("word")
    return {file.stem: docx.Document(str(file)) for file in write_word_notices(folder)}


def everything_written(document: Document) -> list[str]:
    """The text of every paragraph, in tables too."""
    within = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [*(paragraph.text for paragraph in document.paragraphs), *within]


@pytest.mark.parametrize("name", WORD_NOTICES)
def test_every_labelled_directive_is_in_the_file(name: str, documents: dict[str, Document]) -> None:
    written = everything_written(documents[name])
    labels = Labels.model_validate_json(labels_file(name).read_text(encoding="utf-8"))
    assert [each.text for each in labels.directives if not any(each.text in text for text in written)] == []


@pytest.mark.parametrize("name", WORD_NOTICES)
def test_numbers_are_formatting_and_not_text(name: str, documents: dict[str, Document]) -> None:
    numbered = [text for text in documents[name].paragraphs if text._p.xpath("./w:pPr/w:numPr")]
    assert numbered
    assert not any(text.text.startswith(("I.", "1.", "a)", "- ")) for text in documents[name].paragraphs)


def test_a_group_row_is_one_cell(documents: dict[str, Document]) -> None:
    duties = documents["tong-cong-ty"].tables[2]
    assert {cell.text for cell in duties.rows[1].cells} == {"Sản xuất, kỹ thuật"}


def test_the_signature_lies_in_a_text_box_and_its_fallback(documents: dict[str, Document]) -> None:
    box = documents["dai-hoc"].element.body.xpath(".//w:txbxContent")
    assert len(box) == 2
    assert all("ThS. Viên Thu Hiền" in "".join(each.itertext()) for each in box)
