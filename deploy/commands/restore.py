"""`ketluan backup restore`: both stores as they stood at a moment, in a new data folder."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from deploy.backup.folder import Backup
from deploy.backup.kept_secrets import CHECKPOINT_KEY, read_secrets
from deploy.backup.moment import moment_of
from deploy.backup.restoring import Restored, restored
from deploy.commands.bars import Told
from deploy.commands.findings import show_verification
from deploy.commands.outcome import shown
from deploy.commands.verify import compared
from deploy.embedded.folder import SESSION_KEY, DataFolder
from deploy.exit_codes import DIFFERENT
from services.tasks.ledger.note import verifier_of


def run_restore(folder: Path, data: Path, until: str | None, secrets: Path | None, keys: Sequence[str]) -> int:
    """Restores both stores into a new data folder, and verifies them. Gives the exit code."""

    async def done(out: Console, told: Told) -> int:
        moment = moment_of(until)
        given = read_secrets(secrets) if secrets else {}

        def prepare(new: DataFolder) -> None:
            if SESSION_KEY in given:
                new.keep_password(SESSION_KEY, given[SESSION_KEY])

        trusted = [verifier_of(key) for key in keys]
        async with restored(Backup(folder), data, moment, trusted, out, told, prepare) as (found, source):
            place = DataFolder(data.with_name(f"{data.name}.restoring"))
            place.checkpoint_key.unlink(missing_ok=True)
            if CHECKPOINT_KEY in given and not found.signed:
                place.write(place.checkpoint_key, given[CHECKPOINT_KEY])
            verified = await compared(source, (), out, register=True)
        show_verification(verified.verification, out)
        _show_restored(found, data, out, with_secrets=bool(given))
        return 0 if verified.verification.is_sound else DIFFERENT

    return shown(done, again="ketluan backup restore")


def _show_restored(found: Restored, data: Path, out: Console, *, with_secrets: bool) -> None:
    left = found.kept - found.events
    moment = (found.until or found.take.moment).isoformat()
    out.print(
        f"✓ {escape(str(data))}: như lúc {moment}, {found.events:,} sự kiện, sổ theo dõi đến sự kiện "
        f"{found.register:,} [dim](as of then; events; the register goes on from there when the services start)[/]"
    )
    if left:
        out.print(
            f"{left:,} sự kiện về sau có trong bản sao và không được đưa vào. [dim](later events are in the backup, "
            "and not here)[/]"
        )
    if found.pending or found.brought:
        out.print(
            f"{found.pending:,} thư và tin nhắn chưa được ghi nhận là đã đến; chúng được gửi khi khởi động, với đúng "
            f"mã cũ. {found.brought:,} thư đã đến sau lúc ấy. [dim](letters and messages that were not on record as "
            "brought leave at the start, with their former ids; so many more were brought after that moment and are "
            "not known here. Without KETLUAN_SMTP_HOST no mail leaves.)[/]"
        )
    if found.erased:
        people = " ".join(found.erased)
        out.print(
            f"Sau lúc ấy dữ liệu cá nhân của {escape(people)} đã được xoá, và nay có lại: chạy `ketluan person erase` "
            "cho từng người. [dim](their personal data were erased behind that moment and are here again: erase them "
            "once more)[/]"
        )
    if found.signed:
        out.print(
            "Sau lúc ấy đã có điểm kiểm chứng được ký: ai giữ điểm đó sẽ thấy sổ ghi không chỉ được thêm vào. Khoá cũ "
            "không được dùng tiếp; hãy nói rõ với họ rồi `ketluan key create --name TÊN-MỚI`. [dim](a checkpoint was "
            "signed behind that moment; whoever keeps it will see that this record is another one. The former key must "
            "not sign it: tell them, and make a key of another name)[/]"
        )
    elif not with_secrets:
        out.print(
            "Khoá ký và khoá phiên không có trong bản sao: chép `checkpoint-key` từ nơi cũ sang, hoặc chạy `ketluan "
            "key rotate`; bí mật webhook phải thay mới, mọi người đăng nhập lại. [dim](signing and session keys are in "
            "no backup: copy the key's file, or rotate it; webhook secrets have to be rotated, people sign in again)[/]"
        )
