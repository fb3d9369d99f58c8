"""Confirms that an archive is whole and what was signed, from its files alone."""

from collections.abc import Callable, Sequence

from deploy.archive.folder import Archive, ArchiveDamaged, Tree, Whole
from services.tasks.ledger.checkpoint import checkpoint_of
from services.tasks.ledger.keyring import AGGREGATE, keyring_of
from services.tasks.ledger.keys import signature_is_right
from services.tasks.ledger.note import NoteUnreadable, NoteUnsigned, Verifier, confirmed
from shared.log.record import Record
from shared.log.stream import PREFIX

Told = Callable[[int, int], None]


def confirm(
    archive: Archive,
    told: Told,
    trusted: Sequence[Verifier] = (),
    whole: Whole | None = None,
    seen: Callable[[Sequence[Record]], None] = lambda _: None,
) -> Whole:
    """What the archive holds, once every event, file and hash of it and the checkpoint's signature were looked at. The
    key that signed must be one that is trusted, where any is given, and else one that the archive itself tells of.

    Where somebody kept what the archive once was, `whole` is that, and what was added since is left out. `seen` is
    shown every event.

    Raises:
        ArchiveDamaged: something of it is not what was written.
    """
    whole = archive.begins_with(whole) if whole else archive.whole()
    tree, keys = Tree(whole.checkpoint_size), list[Record]()
    for piece in archive.pieces():
        if piece.last > whole.events:
            break
        found = archive.records(piece, tree)
        keys += [each for each in found if each.subject == PREFIX + AGGREGATE]
        seen(found)
        told(tree.size, whole.events)
    if (tree.size, tree.root().hex()) != (whole.events, whole.root):
        raise ArchiveDamaged("the events do not have the root that the archive states.")
    files = archive.files()[: whole.files]
    for file in files:
        archive.content(file)
    if len(files) != whole.files:
        raise ArchiveDamaged("the archive lacks files.")
    if whole.checkpoint is None:
        if whole.checkpoint_size or trusted:
            raise ArchiveDamaged("no checkpoint says whose archive it is.")
        return whole
    try:
        said = checkpoint_of(
            confirmed(whole.checkpoint.encode(), trusted or keyring_of(keys).verifiers, signature_is_right)
        )
    except (NoteUnreadable, NoteUnsigned) as error:
        raise ArchiveDamaged(f"the checkpoint cannot be confirmed: {error}.") from error
    if (said.size, said.root) != (whole.checkpoint_size, tree.root_at):
        raise ArchiveDamaged("the events are not those that the checkpoint was signed of.")
    return whole
