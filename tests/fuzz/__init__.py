"""Fuzz targets: run as modules, with atheris where it is installed."""
