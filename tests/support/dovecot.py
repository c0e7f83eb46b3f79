"""A real Dovecot (IMAP) in a temporary directory, on the loopback."""

import getpass
import grp
import mailbox
import os
import shutil
import subprocess
import tempfile
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
  driver = static
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
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


class Dovecot:
    """An IMAP server where every user's password is `secret` and every user exists."""

    def __init__(self) -> None:
        program = shutil.which("dovecot") or "/usr/sbin/dovecot"
        if not Path(program).exists():
            raise RuntimeError("No Dovecot. On Debian or Ubuntu: sudo apt-get install dovecot-imapd")
        self.port = free_port()
        self.directory = Path(tempfile.mkdtemp(prefix="holdord-dovecot-"))
        self.directory.chmod(0o755)
        (self.directory / "mail").mkdir()
        root = os.geteuid() == 0
        me = getpass.getuser()
        if root:
            shutil.chown(self.directory / "mail", "nobody")
        self._owner = 65534 if root else os.geteuid()
        self._group = self._group_id() if root else os.getegid()
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
        shutil.rmtree(self.directory, ignore_errors=True)

    @staticmethod
    def _group_id() -> int:
        return grp.getgrnam("nogroup").gr_gid
