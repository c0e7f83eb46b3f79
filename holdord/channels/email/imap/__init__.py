"""Reading mailboxes by IMAP (RFC 9051): by UIDVALIDITY and UID, never by the seen flag, and changing nothing."""
