"""Settings: everything an administrator needs to run the desk, one page each."""
