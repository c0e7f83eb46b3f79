"""The `holdord` command."""


def main() -> None:
    """Run the command line."""
    raise SystemExit("holdord: no command yet")


if __name__ == "__main__":
    main()
