"""The subcommands as they are typed."""

import json
import mailbox
import os
import shutil
import subprocess
import sys
import time

import pytest

from holdord.__main__ import COMMANDS
from tests.support.mails import hand_over, mail

pytestmark = pytest.mark.processes

_COUNTS = """
import json
from holdord.channels.models import Arrival, RawMail
from holdord.conversations.models import Message
print(json.dumps([Arrival.objects.count(), RawMail.objects.count(), Message.objects.filter(kind="inbound").count()]))
"""


def counts(server):
    return json.loads(server.python(_COUNTS))


@pytest.mark.parametrize("command", sorted(set(COMMANDS) - {"bench"}))
def test_every_command_explains_itself_with_an_example(command):
    done = subprocess.run([sys.executable, "-m", "holdord", command, "--help"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert f"holdord {command}" in done.stdout
    assert "example" in done.stdout.lower() or command in {"parse", "sanitise"}


def test_init_twice_changes_nothing_and_makes_its_own_key(make_server, tmp_path):
    server = make_server(is_seeded=False)
    del server.environment["HOLDORD_SECRET_KEY"]
    (tmp_path / "pw").write_text("en-lang-kode-1")
    first = server.command("init", "--email", "Kari@example.com", "--password-file", str(tmp_path / "pw"))
    key = (server.directory / "secret-key").read_text()
    again = server.command("init", "--email", "kari@example.com", "--password-file", str(tmp_path / "pw"))
    assert b"may log in" in first.stdout
    assert b"there already" in again.stdout
    assert (server.directory / "secret-key").read_text() == key
    assert (server.directory / "secret-key").stat().st_mode & 0o777 == 0o600
    assert server.directory.stat().st_mode & 0o077 == 0


def test_users_come_and_go(server, tmp_path):
    (tmp_path / "pw").write_text("en-lang-kode-1")
    (tmp_path / "short").write_text("kort")
    server.command("user", "add", "maja@lysbro.example", "--name", "Maja", "--password-file", str(tmp_path / "pw"))
    weak = server.command(
        "user", "set-password", "maja@lysbro.example", "--password-file", str(tmp_path / "short"), check=False
    )
    assert weak.returncode == 1
    server.command("user", "deactivate", "maja@lysbro.example")
    rows = [json.loads(line) for line in server.command("user", "list", "--json").stdout.splitlines()]
    assert {row["email"]: row["active"] for row in rows} == {"jonas@lysbro.example": True, "maja@lysbro.example": False}
    assert server.command("user", "deactivate", "nobody@x.example", check=False).returncode == 1


# the pipe


def test_in_1_a_pipe_exits_0_only_with_the_mail_on_disk(server):
    raw = mail(to=server.address).as_bytes()
    assert server.command("pipe", "--to", server.address, stdin=raw).returncode == 0
    assert counts(server)[0] == 1


@pytest.mark.parametrize(
    "trouble", ["unknown address", "no settings", "no database", "wrong option", "data that can't be written"]
)
def test_in_1_a_pipe_exits_75_on_any_trouble(server, trouble, tmp_path):
    arguments = ["pipe", "--to", server.address]
    if trouble == "unknown address":
        arguments[-1] = "nobody@lysbro.example"
    elif trouble == "no settings":
        del server.environment["HOLDORD_SECRET_KEY"]
    elif trouble == "no database":
        server.environment["HOLDORD_DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/none"
    elif trouble == "wrong option":
        arguments.append("--no-such-option")
    else:
        (server.directory / "raw").write_text("a file where a folder should be")
    raw = mail("x" * 300_000, to=server.address).as_bytes()
    assert server.command(*arguments, stdin=raw, check=False).returncode == 75


# backup and restore


def test_a_copy_of_the_running_desk_is_whole_and_comes_back(server, make_server, tmp_path, sink):
    server.start()
    large = mail("stor", to=server.address)
    large.add_attachment(os.urandom(400_000), maintype="application", subtype="pdf", filename="a.pdf")
    hand_over(large.as_bytes(), port=server.smtp, to=server.address)
    sink.wait_for(1)
    copy = tmp_path / "copy.tar"
    # Mail keeps coming while the copy is made.
    writing = subprocess.Popen(
        [sys.executable, "-c", _KEEPS_WRITING, str(server.smtp), server.address], cwd=os.getcwd()
    )
    time.sleep(0.5)
    made = json.loads(server.command("backup", str(copy), "--json").stdout)
    writing.kill()
    writing.wait()
    server.stop()
    assert made["file"] == str(copy)
    before = counts(server)

    other = make_server(is_seeded=False)
    other.environment["HOLDORD_SECRET_KEY"] = server.environment["HOLDORD_SECRET_KEY"]
    other.command("restore", str(copy))
    restored = counts(other)
    assert 1 <= restored[0] <= before[0]
    assert restored[1] >= 1
    # Every mail that the copy names is readable, byte for byte.
    other.python("from holdord.channels.models import RawMail; from holdord.channels.raw import read\n"
                 "from holdord.files.models import Blob; from holdord.files.actions import content_of\n"
                 "assert [read(r) for r in RawMail.objects.all()]; assert [content_of(b) for b in Blob.objects.all()]")  # fmt: skip
    assert other.start().process
    hand_over(mail(to=other.address).as_bytes(), port=other.smtp, to=other.address)


_KEEPS_WRITING = """
import sys
from tests.support.mails import hand_over, mail
import os
os.environ["HOLDORD_DEMO"] = "yes"
while True:
    hand_over(mail(to=sys.argv[2], Date="").as_bytes(), port=int(sys.argv[1]), to=sys.argv[2])
"""


def test_restore_does_not_overwrite_a_desk_unless_told(server, tmp_path):
    copy = tmp_path / "copy.tar"
    server.command("backup", str(copy))
    server.command("pipe", "--to", server.address, stdin=mail(to=server.address).as_bytes())
    refused = server.command("restore", str(copy), check=False)
    assert refused.returncode == 1
    assert b"--force" in refused.stderr
    assert counts(server)[0] == 1
    server.command("restore", "--force", str(copy))
    assert counts(server)[0] == 0


def test_a_damaged_copy_is_refused_and_nothing_is_touched(server, tmp_path):
    copy = tmp_path / "copy.tar"
    server.command("backup", str(copy))
    (tmp_path / "other").write_bytes(b"no tar at all")
    raw = bytearray(copy.read_bytes())
    middle = len(raw) // 2
    raw[2048:middle] = os.urandom(middle - 2048)
    copy.write_bytes(raw)
    for source in (copy, tmp_path / "other"):
        done = server.command("restore", "--force", str(source), check=False)
        assert done.returncode == 1, source
        assert b"Traceback" not in done.stderr
    assert "jonas@lysbro.example" in server.command("user", "list").stdout.decode()


def test_upgrade_says_when_nothing_is_to_do(server):
    assert b"Nothing was to do" in server.command("upgrade").stdout


# import


@pytest.fixture
def archive(tmp_path):
    """An mbox of 250 mails, one of which has a line that begins with From."""
    box = mailbox.mbox(tmp_path / "archive.mbox")
    for number in range(250):
        text = "From here on it is old\n\nFrom nobody" if number == 7 else f"Nummer {number}"
        box.add(mail(text, to="care@lysbro.example", Message_ID=f"<{number}@old.example>").as_bytes())
    box.close()
    return tmp_path / "archive.mbox"


def test_an_mbox_is_imported_once_and_nobody_is_acknowledged(server, archive, sink):
    assert b"250 mails" in server.command("import-mail", "--inbox", server.address, "--dry-run", str(archive)).stdout
    assert counts(server)[0] == 0
    assert b"250 imported" in server.command("import-mail", "--inbox", server.address, str(archive)).stdout
    assert b"0 imported" in server.command("import-mail", "--inbox", server.address, str(archive)).stdout
    server.start()
    until = time.monotonic() + 60
    while counts(server)[2] < 250 and time.monotonic() < until:
        time.sleep(0.5)
    assert counts(server) == [250, 250, 250]
    assert sink.caught == []


def test_an_interrupted_import_goes_on_where_it_stopped(server, archive):
    importing = subprocess.Popen(
        [sys.executable, "-m", "holdord", "import-mail", "--inbox", server.address, str(archive)],
        env=server.environment,
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    time.sleep(0.9)
    importing.kill()
    importing.wait()
    server.command("import-mail", "--inbox", server.address, str(archive))
    assert counts(server)[0] == 250


def test_maildirs_and_eml_files_are_imported_too(server, tmp_path):
    box = mailbox.Maildir(tmp_path / "Maildir")
    box.add(mail("a", to=server.address).as_bytes())
    box.add_folder("Old").add(mail("b", to=server.address).as_bytes())
    box.close()
    (tmp_path / "mails").mkdir()
    for name in ("1.eml", "2.eml"):
        (tmp_path / "mails" / name).write_bytes(mail(name, to=server.address).as_bytes())
    done = server.command(
        "import-mail", "--json", "--inbox", server.address, str(tmp_path / "Maildir"), str(tmp_path / "mails")
    )
    assert [json.loads(line)["imported"] for line in done.stdout.splitlines()] == [2, 2]


# doctor, and the commands that touch no table


def test_doctor_finds_what_is_wrong(server, sink):
    rows = {
        row["check"]: row
        for row in map(json.loads, server.command("doctor", "--json", check=False).stdout.splitlines())
    }
    assert rows["database"]["well"]
    assert rows["durable writing"]["well"]
    assert rows["mail out"]["well"]
    assert rows["pictures"]["well"], rows["pictures"]["says"]
    assert not rows["addresses"]["well"]
    assert "https" in rows["addresses"]["says"]


def test_parse_and_sanitise_need_no_settings(tmp_path):
    (tmp_path / "a.eml").write_bytes(b"Subject: hi\r\n\r\nbody")
    bare = {"PATH": os.environ["PATH"]}
    parsed = subprocess.run(
        [sys.executable, "-m", "holdord", "parse", str(tmp_path / "a.eml"), "--json"], env=bare, capture_output=True
    )
    assert json.loads(parsed.stdout)["subject"] == "hi"
    cleaned = subprocess.run(
        [sys.executable, "-m", "holdord", "sanitise", "--jsonl"],
        env=bare,
        input=b'{"id": 1, "html": "<b>x</b><script>1</script>"}\n',
        capture_output=True,
    )
    assert json.loads(cleaned.stdout) == {"id": 1, "html": "<b>x</b>"}


def test_a_wheel_brings_templates_styles_and_languages(tmp_path):
    source = tmp_path / "source"
    shutil.copytree(os.getcwd(), source, ignore=shutil.ignore_patterns(".git", ".venv", "var", "*.egg-info", "build"))
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "-q",
            "--no-deps",
            "--no-build-isolation",
            "-w",
            str(tmp_path),
            str(source),
        ],
        capture_output=True,
        text=True,
    )
    if done.returncode and "No module named pip" in done.stderr:
        done = subprocess.run(
            ["uv", "build", "-q", "--wheel", "--no-build-isolation", "--out-dir", str(tmp_path), str(source)],
            capture_output=True,
            text=True,
        )
    assert done.returncode == 0, done.stderr
    import zipfile

    names = set(zipfile.ZipFile(next(tmp_path.glob("holdord-*.whl"))).namelist())
    for kind in ("/jinja2/", "/static/", "/migrations/0001_initial.py"):
        assert any(kind in name for name in names), kind
    here = {
        str(path)
        for path in __import__("pathlib").Path("holdord").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert here - names == set()
