"""What a container may do, should somebody take it over: very little."""

import pytest

from tests.integration.containers.stack import SERVERS, SERVICES, Stack, docker

EVERYTHING = (*SERVICES, *SERVERS)


@pytest.mark.parametrize("service", EVERYTHING)
def test_a_container_has_no_rights_beyond_its_own_user(stack: Stack, service: str) -> None:
    container = stack.inspect(service)
    host = container["HostConfig"]
    assert container["Config"]["User"].split(":")[0] not in {"", "0", "root"}
    assert host["ReadonlyRootfs"]
    assert host["CapDrop"] == ["ALL"]
    assert not host["CapAdd"]
    assert not host["Privileged"]
    assert "no-new-privileges:true" in host["SecurityOpt"]
    assert host["Memory"] > 0
    assert host["NanoCpus"] > 0
    assert host["PidsLimit"] > 0


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_nobody_and_can_write_nowhere_but_to_its_temporary_folder(stack: Stack, service: str) -> None:
    attempt = (
        "import os\n"
        "assert os.getuid() == 10001\n"
        "open('/tmp/written', 'w').close()\n"
        "for place in ('/written', '/app/written', '/opt/ketluan/written', '/run/secrets/written'):\n"
        "    try:\n"
        "        open(place, 'w').close()\n"
        "    except OSError:\n"
        "        continue\n"
        "    raise SystemExit(place)\n"
    )
    done = docker("exec", stack.id_of(service), "python", "-c", attempt)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("service", ["nats", "gateway"])
def test_a_container_of_one_program_has_no_shell(stack: Stack, service: str) -> None:
    assert docker("exec", stack.id_of(service), "/bin/sh", "-c", "true").returncode != 0


def test_nothing_but_the_gateway_is_published_and_that_on_this_machine_alone(stack: Stack) -> None:
    published = {
        service: [
            binding["HostIp"]
            for bindings in stack.inspect(service)["NetworkSettings"]["Ports"].values()
            for binding in bindings or []
        ]
        for service in EVERYTHING
    }
    assert {service: hosts for service, hosts in published.items() if hosts} == {"gateway": ["127.0.0.1"]}


@pytest.mark.parametrize("service", ["intake", "postgres", "nats"])
def test_what_has_nobody_to_ask_outside_cannot_reach_it(stack: Stack, service: str) -> None:
    (network,) = stack.inspect(service)["NetworkSettings"]["Networks"]
    assert docker("network", "inspect", "--format", "{{.Internal}}", network).stdout.strip() == "true"


@pytest.mark.parametrize("service", EVERYTHING)
def test_no_secret_is_in_the_environment_of_a_container(stack: Stack, service: str) -> None:
    variables = dict(each.split("=", 1) for each in stack.inspect(service)["Config"]["Env"])
    telling = ("PASSWORD", "SEED", "SECRET", "TOKEN", "DATABASE_URL")
    assert {name for name in variables if any(word in name for word in telling)} <= {
        "KETLUAN_SECRETS",
        "POSTGRES_PASSWORD_FILE",
    }


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_given_its_own_secrets_only(stack: Stack, service: str) -> None:
    common = {"KETLUAN_NATS_SEED", "KETLUAN_SESSION_KEY"}
    own = {
        "intake": set[str](),
        "tasks": {"KETLUAN_DATABASE_URL", "KETLUAN_OIDC_CLIENT_SECRET"},
        "notify": {"KETLUAN_DATABASE_URL", "KETLUAN_SMTP_PASSWORD", "KETLUAN_CHAT_SERVICES"},
    }
    given = set(docker("exec", stack.id_of(service), "ls", "/run/secrets").stdout.split())
    assert given == common | own[service]
