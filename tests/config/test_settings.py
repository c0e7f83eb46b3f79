"""Settings: documented, refused when they make no sense, safe when they are missing."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from holdord.config import environment
from holdord.config.environment import BadSetting

ROOT = Path(__file__).parents[2]
_READ = re.compile(r"\b(?:env|environment)\.\w+\(\s*\"(HOLDORD_\w+)\"|\"(HOLDORD_\w+)\"")


def test_every_setting_is_documented_and_every_documented_one_exists():
    documented = set(re.findall(r"^\| `(HOLDORD_\w+)`", (ROOT / "docs/settings.md").read_text(), re.MULTILINE))
    source = "\n".join(path.read_text() for path in (ROOT / "holdord").rglob("*.py"))
    read = {one or other for one, other in _READ.findall(source)}
    assert documented == read


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("HOLDORD_WEB_THREADS", "many", "whole number"),
        ("HOLDORD_WEB_THREADS", "0", "from 1 to 64"),
        ("HOLDORD_DEMO", "perhaps", "yes or no"),
        ("HOLDORD_LISTEN_WEB", "8000", "host:port"),
        ("HOLDORD_LISTEN_SMTP", "127.0.0.1:99999", "host:port"),
        ("HOLDORD_DATABASE_URL", "mysql://x/y", "postgresql://"),
        ("HOLDORD_SMTP_SECURITY", "ssl", "none, starttls, tls"),
        ("HOLDORD_SECRET_KEY", "short", "at least 32"),
        ("HOLDORD_LISTEN_CERTIFICATE", "/nowhere/cert.pem", "can't be read"),
    ],
)
def test_nonsense_is_refused_with_its_name_and_what_would_be_right(name, value, says, tmp_path):
    good = {
        "HOLDORD_SECRET_KEY": "x" * 40,
        "HOLDORD_ALLOWED_HOSTS": "desk.example.com",
        "HOLDORD_DATA": str(tmp_path),
        "PATH": os.environ["PATH"],
    }
    code = "import holdord.config.settings"
    fine = subprocess.run([sys.executable, "-c", code], env=good, cwd=ROOT, capture_output=True)
    assert fine.returncode == 0, fine.stderr
    done = subprocess.run(
        [sys.executable, "-m", "holdord", "serve"], env={**good, name: value}, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert name in done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_links_name_the_port_that_pages_are_served_at(tmp_path):
    environment = {"HOLDORD_DATA": str(tmp_path), "HOLDORD_DEMO": "yes", "HOLDORD_LISTEN_WEB": "127.0.0.1:8123"}
    code = "from holdord.config import settings; print(settings.PUBLIC_URL)"
    run = subprocess.run([sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True)
    assert run.stdout.strip() == "http://localhost:8123", run.stderr


def test_a_secret_may_lie_in_a_file(tmp_path, monkeypatch):
    monkeypatch.delenv("HOLDORD_SECRET_KEY", raising=False)
    (tmp_path / "key").write_text("k" * 40 + "\n")
    monkeypatch.setenv("HOLDORD_SECRET_KEY_FILE", str(tmp_path / "key"))
    assert environment.secret("HOLDORD_SECRET_KEY", None, kept_in=tmp_path / "none") == "k" * 40
    monkeypatch.setenv("HOLDORD_SECRET_KEY", "other")
    with pytest.raises(BadSetting, match="Both"):
        environment.raw("HOLDORD_SECRET_KEY")
    monkeypatch.delenv("HOLDORD_SECRET_KEY")
    monkeypatch.setenv("HOLDORD_SECRET_KEY_FILE", str(tmp_path / "gone"))
    with pytest.raises(BadSetting, match="can't be read"):
        environment.raw("HOLDORD_SECRET_KEY")


def test_the_kept_key_is_used_when_none_is_set(tmp_path, monkeypatch):
    monkeypatch.delenv("HOLDORD_SECRET_KEY", raising=False)
    monkeypatch.delenv("HOLDORD_SECRET_KEY_FILE", raising=False)
    with pytest.raises(BadSetting, match="holdord init"):
        environment.secret("HOLDORD_SECRET_KEY", None, kept_in=tmp_path / "key")
    (tmp_path / "key").write_text("k" * 40)
    assert environment.secret("HOLDORD_SECRET_KEY", None, kept_in=tmp_path / "key") == "k" * 40


def test_an_own_mail_server_needs_no_tls_and_another_gets_it():
    assert environment.is_loopback("127.0.0.1")
    assert environment.is_loopback("localhost")
    assert not environment.is_loopback("smtp.example.com")


def test_addresses_are_read():
    assert environment.address("HOLDORD_NONE", "127.0.0.1:25") == ("127.0.0.1", 25)
    assert environment.address("HOLDORD_NONE", "[::1]:25") == ("::1", 25)
    assert environment.address("HOLDORD_NONE", "off") is None
