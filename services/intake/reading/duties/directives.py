"""Which passages lay a duty on somebody, and on whom; and what the others are."""

from dataclasses import replace

from services.intake.reading.duties.clauses import Clause, clauses_of
from services.intake.reading.duties.duty import Duty
from services.intake.reading.duties.grammar import ENGLISH, VIETNAMESE, Grammar, is_vietnamese
from services.intake.reading.duties.headings import NO_HEADING, Heading, heading_of, names_of
from services.intake.reading.duties.kinds import Tone, narrates
from services.intake.reading.duties.laid import Aside, LaidDuty
from services.intake.reading.duties.leads import lead_in_brackets
from services.intake.reading.layout.outline import Item
from services.intake.reading.owners.names import is_class, is_title
from services.intake.reading.owners.unit_heads import KnownNames
from services.intake.reading.owners.unknown_owner import unknown_owner
from services.intake.reading.tables.duty_tables import duties_of_table
from services.intake.reading.text import Passage
from services.intake.reading.unreadable import UnreadableNotice
from shared.directory.spelling import class_key
from shared.events.meeting import Kind
from shared.language import Words

_LONGEST_DIRECTIVE = 20_000
_LONGEST_NAME = 40
_NO_BRACES = str.maketrans("{}", "()")

_EACH = frozenset({"mỗi", "từng"})
_KIND_OF_REST: dict[Tone, Kind] = {
    Tone.DIRECTING: "assessment",
    Tone.ASSESSING: "assessment",
    Tone.CLOSING: "exhortation",
}

TOO_LONG = Words(
    "Mục bắt đầu bằng “{begins}” dài quá {most} ký tự nên không thể là một nhiệm vụ. Chưa có gì được ghi nhận. "
    "Kiểm tra lại việc xuống dòng của văn bản: mỗi đề mục hoặc gạch đầu dòng đứng đầu một dòng, rồi gửi lại.",
    "The item that begins “{begins}” is longer than {most} characters, so it cannot be one directive. Nothing was "
    "recorded. Check the text's line ends: each heading or bullet begins a line. Then send it again.",
)


def duties_of(items: list[Item], known: KnownNames, *, closes: bool = False) -> tuple[list[LaidDuty], list[Aside]]:
    """The duties that the items lay, in order, and the passages that lay none. `closes` says that they are a farewell.

    Raises UnreadableNotice where an item is longer than a directive can be.
    """
    reader = _Reader(items, known, replace(NO_HEADING, tone=Tone.CLOSING) if closes else NO_HEADING)
    for index, item in enumerate(items):
        reader.read(index, item)
    return reader.laid, reader.asides


def known_names(items: list[Item]) -> KnownNames:
    """The names that the items show to be units'."""
    return names_of(items)


class _Reader:
    def __init__(self, items: list[Item], known: KnownNames, outermost: Heading) -> None:
        self._outermost = outermost
        self.laid: list[LaidDuty] = []
        self.asides: list[Aside] = []
        self._items = items
        self._known = known
        self._headings: list[Heading] = []
        self._marked: set[int | None] = {None} if any(item.kind != "paragraph" for item in items) else set()
        self._children: dict[int, list[Item]] = {}
        for item in items:
            if item.parent is not None:
                self._children.setdefault(item.parent, []).append(item)
        self._taken: set[int] = set()
        words = " ".join(item.passage.words[:2_000] for item in items[:200])
        self._grammar = VIETNAMESE if is_vietnamese(words) else ENGLISH
        marked = [is_vietnamese(item.passage.words) for item in items if item.kind not in ("paragraph", "table")]
        self._is_translated = 3 * marked.count(False) > len(marked)

    def read(self, index: int, item: Item) -> None:
        above = self._headings[item.parent] if item.parent is not None else self._outermost
        if item.grid is not None:
            self._headings.append(above)
            laid, asides = duties_of_table(item.grid, item.passage, above, self._known)
            self.laid.extend(laid)
            self.asides.extend(asides)
            self._marked.add(item.parent)
            return
        self._headings.append(heading_of(item, above, self._grammar, self._known))
        announced = item.parent is not None and self._items[item.parent].passage.words.endswith(":")
        if item.kind != "paragraph":
            self._marked.add(item.parent)
        elif item.parent in self._marked and not announced:
            above = replace(above, tone=Tone.CLOSING if above.tone is Tone.DIRECTING else above.tone)
        if item.parent in self._taken:
            self._taken.add(index)
            return
        self._read_clauses(index, item, above)

    def _read_clauses(self, index: int, item: Item, above: Heading) -> None:
        """The item as one duty, or as several where clauses of it name owners of their own.

        Clauses before the first duty are its context, and belong to it; decisions and what is told do not.
        """
        start, end = item.passage.span
        if end - start > _LONGEST_DIRECTIVE:
            begins = item.passage.text[:60].translate(_NO_BRACES)
            raise UnreadableNotice("item-too-long", TOO_LONG, begins=begins, most=_LONGEST_DIRECTIVE)
        grammar = self._grammar
        if grammar is VIETNAMESE and not is_vietnamese(item.passage.words) and len(item.passage.words) > _LONGEST_NAME:
            grammar = ENGLISH
        clauses = clauses_of(item.passage, grammar, self._known)
        intro: list[Clause] = []
        if not item.is_leaf and clauses and clauses[-1].words.endswith(":"):
            intro = [clauses.pop()]
            if self._spells_out(index, intro[0], above, grammar):
                clauses.append(intro.pop())
        elif not item.is_leaf and len(clauses) == 1 and not _ends_sentence(clauses[0]):
            if is_title(clauses[0].words) or is_class(clauses[0].words):
                return
            named = grammar.duty_in(clauses[0].words, self._known)
            if named is None or (
                self._headings[index].units == named.units and not named.ordered and len(clauses[0].words) < 80
            ):
                return
        if grammar is ENGLISH and self._grammar is VIETNAMESE and (item.kind == "paragraph" or self._is_translated):
            self.asides.extend(Aside(clause.passage, "formality") for clause in clauses)
            return
        if grammar is VIETNAMESE:
            clauses = self._without_translations(clauses)
        found = self._found(item, clauses, above, grammar)
        if index in self._taken and found:
            passage, main, duty = found[-1]
            children = [child.passage for child in self._children[index]]
            found[-1] = (passage.joined([passage, *children]), (*main, *children), duty)
        self.laid.extend(self._laid(passage, main, duty, above, grammar, item) for passage, main, duty in found)

    def _without_translations(self, clauses: list[Clause]) -> list[Clause]:
        """The clauses but those in English that stand behind Vietnamese ones, and say the same again."""
        kept = [each for each in clauses if len(each.words) <= _LONGEST_NAME or is_vietnamese(each.words)]
        self.asides.extend(Aside(each.passage, "formality") for each in clauses if each not in kept)
        return kept

    def _spells_out(self, index: int, intro: Clause, above: Heading, grammar: Grammar) -> bool:
        """Whether an item's children only spell out what the item itself orders; then they are taken into it."""
        children = self._children.get(index, [])
        if not all(child.is_leaf and child.grid is None for child in children):
            return False
        duty = self._duty(intro.words, Item("", intro.passage, None, True), above, grammar, opens=True)
        if duty is None or len(intro.words.split()) < 8:
            return False
        orders = sum(
            grammar.begins_with_duty(child.passage.words)
            or grammar.duty_in(child.passage.words, self._known) is not None
            for child in children
        )
        if 2 * orders >= len(children):
            return False
        self._taken.add(index)
        return True

    def _found(
        self, item: Item, clauses: list[Clause], above: Heading, grammar: Grammar
    ) -> list[tuple[Passage, tuple[Passage, ...], Duty]]:
        found: list[tuple[Passage, tuple[Passage, ...], Duty]] = []
        context: list[Passage] = []
        told: Kind | None = None
        for at, clause in enumerate(clauses):
            kind = grammar.kind_of(clause.words, above.tone)
            duty = None if kind else self._duty(clause.words, item, above, grammar, opens=at == 0)
            if duty is not None and not (duty.units or duty.lead or above.units) and told is not None and not found:
                kind, duty = told, None
            told = None if clause.ends_sentence or duty is not None else kind or "assessment"
            helps = bool(found) and grammar.only_helps(clause.words, self._known)
            if duty is not None and not helps and not (found and self._goes_on(duty, found[-1][2], above)):
                found.append((item.passage.joined([*context, clause.passage]), (clause.passage,), duty))
                context = []
            elif found and kind is None and not self._leads_to_next(clauses, at, item, above, grammar):
                passage, main, before = found[-1]
                if helps and duty is not None and duty.lead is not None and before.lead is None:
                    before = replace(before, lead=duty.lead)
                found[-1] = (passage.followed_by(clause.passage), (*main, clause.passage), before)
            elif kind is None and not clause.ends_sentence:
                context.append(clause.passage)
            else:
                self._aside(context, clause, kind, above)
                context = []
        for passage in context:
            self.asides.append(Aside(passage, "assessment"))
        return found

    def _leads_to_next(self, clauses: list[Clause], at: int, item: Item, above: Heading, grammar: Grammar) -> bool:
        """Whether a clause that begins a sentence, and orders nothing, is the context of an order in that sentence."""
        if (
            clauses[at].ends_sentence
            or not clauses[at - 1].ends_sentence
            or grammar.begins_with_duty(clauses[at].words)
        ):
            return False
        following = clauses[at + 1] if at + 1 < len(clauses) else None
        if following is None or grammar.kind_of(following.words, above.tone):
            return False
        duty = self._duty(following.words, item, above, grammar, opens=False)
        return duty is not None and bool(duty.units)

    def _aside(self, context: list[Passage], clause: Clause, kind: Kind | None, above: Heading) -> None:
        self.asides.extend(Aside(passage, "assessment") for passage in context)
        self.asides.append(Aside(clause.passage, kind or _KIND_OF_REST[above.tone]))

    def _duty(self, clause: str, item: Item, above: Heading, grammar: Grammar, *, opens: bool) -> Duty | None:
        """A clause's duty: with the owner that it names itself, or else with the heading's."""
        named = grammar.duty_in(clause, self._known, opens=opens)
        if above.tone is Tone.ASSESSING:
            return named if named is not None and named.ordered else None
        if above.tone is Tone.CLOSING or named is not None:
            return named
        begins = grammar.begins_with_duty(clause)
        if grammar is ENGLISH:
            return Duty() if begins and above.units else None
        if item.is_leaf and above.units:
            return Duty() if begins or not narrates(clause) else None
        if begins:
            return Duty() if item.is_leaf or above.units else None
        return unknown_owner(clause) if item.is_leaf and opens and not above.units else None

    def _goes_on(self, duty: Duty, before: Duty, above: Heading) -> bool:
        """Whether a clause's owner is one whom the clauses before it already name."""
        if duty.lead is not None:
            return False
        owners = {class_key(unit) for unit in before.units or above.units}
        if not duty.units or all(unit.split()[0].lower() in _EACH for unit in duty.units):
            return True
        return bool(owners) and owners <= {class_key(unit) for unit in duty.units}

    def _laid(
        self, passage: Passage, main: tuple[Passage, ...], duty: Duty, above: Heading, grammar: Grammar, item: Item
    ) -> LaidDuty:
        words = passage.words
        same = not duty.units or _same_units(duty.units, above.units)
        assignees = above.units if same else duty.units
        lead = duty.lead or lead_in_brackets(words) or (above.lead if same else None)
        own = {class_key(unit) for unit in assignees}
        told = passage.joined(list(main)).words
        named = [*grammar.cooperators_in(told, self._known), *duty.cooperators, *(above.cooperators if same else ())]
        cooperators = tuple(unit for unit in dict.fromkeys(named) if class_key(unit) not in own)
        return LaidDuty(
            passage,
            above.text,
            assignees,
            lead,
            cooperators,
            tuple(grammar.report_to_in(words, self._known)),
            around=above.terms if same or not above.units else "",
            doubts=tuple(_doubts(duty, above, assignees, words, grammar, same=same)),
        )


def _doubts(
    duty: Duty, above: Heading, assignees: tuple[str, ...], words: str, grammar: Grammar, *, same: bool
) -> list[tuple[str, str | None, float]]:
    found: list[tuple[str, str | None, float]] = []
    if not assignees:
        found.append(("no-unit-named", above.text, 0.4))
    elif not duty.units and above.distance:
        found.append(("unit-from-distant-heading", assignees[0], max(0.5, 0.8 - 0.1 * above.distance)))
    if not duty.sure:
        found.append(("unit-not-recognised", duty.units[0] if duty.units else None, 0.55))
    if not duty.units and not grammar.begins_with_duty(words):
        found.append(("duty-not-recognised", None, 0.7))
    return found


def _ends_sentence(clause: Clause) -> bool:
    return clause.words.endswith((".", ";", "!", "?"))


def _same_units(some: tuple[str, ...], others: tuple[str, ...]) -> bool:
    return bool(others) and {class_key(unit) for unit in some} == {class_key(unit) for unit in others}
