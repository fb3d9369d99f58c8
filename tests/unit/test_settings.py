"""What a process is told from outside, and what it does not take."""

import pytest

from shared.settings import DatabaseSettings, NatsSettings, Settings, UnusableSettings


@pytest.mark.parametrize("zone", ["", "Mars/Base", "../etc/passwd", "Asia"])
def test_a_time_zone_that_does_not_exist_is_refused_by_its_variable(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KETLUAN_ZONE", zone)

    with pytest.raises(UnusableSettings, match="KETLUAN_ZONE"):
        Settings.from_environment()


@pytest.mark.parametrize(
    "url", ["ketluan.example", "ftp://ketluan.example", "http://", "http://[::", "https://ketluan.example@evil.example"]
)
def test_a_public_address_that_is_none_is_refused_by_its_variable(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KETLUAN_PUBLIC_URL", url)

    with pytest.raises(UnusableSettings, match="KETLUAN_PUBLIC_URL"):
        Settings.from_environment()


@pytest.mark.parametrize("url", ["nonsense", "postgresql://a:secret@b/c", "postgresql+asyncpg://a:secret@b:port/c"])
def test_a_database_that_cannot_be_reached_so_is_refused_without_telling_its_password(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KETLUAN_DATABASE_URL", url)

    with pytest.raises(UnusableSettings, match="KETLUAN_DATABASE_URL") as refusal:
        DatabaseSettings.from_environment()

    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize(
    ("variable", "given"),
    [
        ("NATS_URL", "nonsense"),
        ("NATS_URL", "nats://a:4222,nonsense"),
        ("NATS_URL", "tls://a:4222,nats://b:4222"),
        ("NATS_URL", "nats://user:secret@a:4222"),
        ("NATS_URL", "nats://a:port"),
        ("NATS_SEED", "secret"),
        ("NATS_USER", "intake"),
        ("NATS_CA", "/nowhere"),
        ("NATS_CA", __file__),
    ],
)
def test_a_log_that_cannot_be_reached_so_is_refused_by_its_variable(
    variable: str, given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"KETLUAN_{variable}", given)

    with pytest.raises(UnusableSettings, match=f"KETLUAN_{variable}") as refusal:
        NatsSettings.from_environment()

    assert "secret" not in str(refusal.value)


def test_links_begin_with_the_public_address_without_its_last_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KETLUAN_PUBLIC_URL", "https://ketluan.so.example/")

    assert Settings.from_environment().public_url == "https://ketluan.so.example"
