"""What is wrong with the record, as tables that a person sees."""

from itertools import islice

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from services.tasks.record.findings import Finding
from services.tasks.record.judgement import Proof
from services.tasks.record.verification import Verification

_SHOWN = 5
_PROOFS = {
    Proof.CHECKPOINT: "điểm kiểm chứng (checkpoint)",
    Proof.LEAF: "mã băm (leaf)",
    Proof.AGREEMENT: "hai bên giống nhau (agreement)",
    Proof.READABLE: "một bên đọc được (readable)",
    Proof.NONE: "không có (none)",
}
_SIDES = {
    "log": "nhật ký (log)",
    "ledger": "sổ cái (ledger)",
    "register": "sổ theo dõi (register)",
    "witness": "nhân chứng (witness)",
    None: "?",
}


def show_verification(found: Verification, out: Console) -> None:
    """What was compared, and what is wrong with it."""
    rate = found.events / found.seconds if found.seconds else 0.0
    out.print(
        f"Đã đối chiếu {found.events} sự kiện và {found.checkpoints} điểm kiểm chứng trong {found.seconds:.1f} s "
        f"[dim](events and checkpoints compared, {rate:,.0f} events/s)[/]"
    )
    if found.log_last > found.ledger_last:
        out.print(f"Sổ cái còn {found.log_last - found.ledger_last} sự kiện sẽ chép tiếp [dim](still to be copied)[/]")
    if found.is_sound:
        out.print("[green]Sổ ghi nguyên vẹn.[/] [dim](the record is whole)[/]")
        return
    out.print(
        f"[red]Sổ ghi bị hư hỏng.[/] Nguyên vẹn đến sự kiện {found.known_good}, điểm kiểm chứng khớp gần nhất: "
        f"{found.checkpoint} [dim](damaged; whole up to that event, largest checkpoint that fits)[/]"
    )
    show_findings(found.findings, out)


def show_findings(findings: tuple[Finding, ...], out: Console) -> None:
    """What is wrong, one row each."""
    table = Table(box=box.ROUNDED)
    for name in ("Hư hỏng (damage)", "Bên (side)", "Sự kiện (events)", "Căn cứ (proof)"):
        table.add_column(name, overflow="fold")
    table.add_column("Nghĩa là gì, làm gì (meaning, remedy)", overflow="fold")
    for each in findings:
        what = (each.words.vi, f"[dim]{each.words.en}[/]", escape(each.detail) if each.first else "")
        table.add_row(
            each.kind.value, _SIDES[each.side], _place(each), _PROOFS[each.proof], "\n".join(filter(None, what))
        )
    out.print(table)


def _place(finding: Finding) -> str:
    """Which events it is about, and the first of them by subject and id."""
    if not finding.first:
        return escape(finding.detail)
    place = f"{finding.first}" if finding.first == finding.last else f"{finding.first}-{finding.last}"
    first = (" ".join(filter(None, (str(each.sequence), each.subject, each.event_id))) for each in finding.events)
    return escape("\n".join((f"{place} ({finding.count})", *islice(first, _SHOWN))))
