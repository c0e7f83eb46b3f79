"""The stories the desk was built for, as living cases: what `holdord demo` fills a fresh desk with, and the mailbox in
which the customers of the demo get their mail and answer it.
"""
