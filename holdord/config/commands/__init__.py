"""The subcommands of `holdord`, one module each: `HELP`, `arguments(parser)` and `run(options) -> exit code`."""
