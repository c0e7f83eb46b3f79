"""A real Dovecot (IMAP) in a temporary directory, on the loopback."""

import getpass
import grp
import json
import mailbox
import os
import shutil
import subprocess
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.support.ports import free_port, wait_for_port

_CONFIGURATION = """
protocols = imap
listen = 127.0.0.1
base_dir = {directory}/run
state_dir = {directory}/state
log_path = {directory}/log
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login oauthbearer xoauth2
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = 1
mail_location = maildir:{directory}/mail/%u
mailbox_list_index = no
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Sent {{
    auto = create
    special_use = \\Sent
  }}
}}
passdb {{
  driver = oauth2
  mechanisms = oauthbearer xoauth2
  args = {directory}/oauth2.conf
}}
passdb {{
  driver = static
  mechanisms = plain login
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={directory}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
auth_failure_delay = 0
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""


_TOKENS = """
introspection_mode = auth
introspection_url = http://127.0.0.1:{port}/introspection
username_attribute = email
active_attribute = active
active_value = true
force_introspection = yes
"""


class Tokens:
    """Who gives tokens away, as a web server that Dovecot asks about each one (RFC 7662, by the bearer's own token)."""

    def __init__(self) -> None:
        self.users: dict[str, str] = {}
        """The user of each token that is valid."""
        tokens = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                user = tokens.users.get((self.headers.get("Authorization") or "").removeprefix("Bearer "))
                body = json.dumps({"active": "true", "email": user} if user else {"active": "false"}).encode()
                self.send_response(200 if user else 401)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.port: int = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join(5)
        self._server.server_close()


class Dovecot:
    """An IMAP server where every user's password is `secret` and every user exists; tokens are what `tokens` says."""

    def __init__(self) -> None:
        program = shutil.which("dovecot") or "/usr/sbin/dovecot"
        if not Path(program).exists():
            raise RuntimeError("No Dovecot. On Debian or Ubuntu: sudo apt-get install dovecot-imapd")
        self.port = free_port()
        self.tokens = Tokens()
        self.directory = Path(tempfile.mkdtemp(prefix="holdord-dovecot-"))
        self.directory.chmod(0o755)
        (self.directory / "mail").mkdir()
        root = os.geteuid() == 0
        me = getpass.getuser()
        if root:
            shutil.chown(self.directory / "mail", "nobody")
        self._owner = 65534 if root else os.geteuid()
        self._group = self._group_id() if root else os.getegid()
        (self.directory / "oauth2.conf").write_text(_TOKENS.format(port=self.tokens.port))
        configuration = self.directory / "dovecot.conf"
        configuration.write_text(
            _CONFIGURATION.format(
                directory=self.directory,
                internal="dovecot" if root else me,
                login="dovenull" if root else me,
                group="dovecot" if root else grp.getgrgid(os.getegid()).gr_name,
                uid=self._owner,
                gid=self._group,
                port=self.port,
            )
        )
        self._running = subprocess.Popen([program, "-F", "-c", configuration], stderr=subprocess.PIPE, text=True)
        try:
            wait_for_port(self.port, alive=lambda: self._running.poll() is None)
        except TimeoutError:
            self._running.kill()
            self._running.communicate()
            raise RuntimeError(f"Dovecot did not start: {self.log()}") from None

    def log(self) -> str:
        """What it wrote to its log."""
        log = self.directory / "log"
        return log.read_text() if log.exists() else ""

    def deliver(self, user: str, raw: bytes, folder: str = "INBOX") -> None:
        """Put a mail into the user's folder, as a mail server would."""
        home = self.directory / "mail" / user
        path = home if folder == "INBOX" else home / f".{folder}"
        box = mailbox.Maildir(path, create=True)
        key = box.add(raw)
        box.close()
        for part in (home, *home.rglob("*")):
            os.chown(part, self._owner, self._group)
        assert key

    def wipe(self, user: str) -> None:
        """Forget everything of the user, so that the folder comes back with another UIDVALIDITY."""
        shutil.rmtree(self.directory / "mail" / user, ignore_errors=True)

    def close(self) -> None:
        self._running.terminate()
        self._running.wait(10)
        if self._running.stderr:
            self._running.stderr.close()
        self.tokens.close()
        shutil.rmtree(self.directory, ignore_errors=True)

    @staticmethod
    def _group_id() -> int:
        return grp.getgrnam("nogroup").gr_gid
