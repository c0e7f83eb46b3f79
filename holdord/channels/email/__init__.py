"""Mail: reading what arrives, fetching it from mailboxes, and sending ours."""
