"""The README's map of the code is the code."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
_LINE = re.compile(r"^( *)([a-z_-]+)/ ")


def mapped() -> set[str]:
    """The folders that the map names."""
    block = (ROOT / "README.md").read_text(encoding="utf-8").split("## Map of the code")[1].split("```")[1]
    folders: set[str] = set()
    within: list[str] = []
    for line in block.splitlines():
        if found := _LINE.match(line):
            within = [*within[: len(found[1]) // 2], found[2]]
            folders.add("/".join(within))
    return folders


def test_every_folder_of_the_map_exists() -> None:
    assert mapped()
    assert {folder for folder in mapped() if not (ROOT / folder).is_dir()} == set()


def test_every_part_is_on_the_map() -> None:
    parts = {
        str(part.relative_to(ROOT))
        for top in ("services", "shared", "deploy")
        for part in (ROOT / top).iterdir()
        if part.is_dir() and part.name != "__pycache__"
    }
    assert parts - mapped() == set()


def test_every_file_that_the_readme_names_exists() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:services|shared|deploy|tests|docs|requirements)/[\w./-]+)`", text))
    assert named
    assert {name for name in named if not (ROOT / name).exists()} == set()


def test_a_package_says_what_it_is_for_and_nothing_else() -> None:
    for package in (*ROOT.glob("services/**/__init__.py"), *ROOT.glob("shared/**/__init__.py")):
        lines = package.read_text(encoding="utf-8").strip()
        assert lines.startswith('"""'), package
        assert lines.count('"""') == 2, package
        assert lines.endswith('"""'), package
