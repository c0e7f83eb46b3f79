"""From a row of the outbox to a mail in our mail server's hands, exactly once as far as SMTP lets one know."""
