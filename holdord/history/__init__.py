"""The append-only stream of everything that happens, and who reacts to which event.

An action announces what happened; the line is written and the reactions run in the same transaction, so that no
promise can be broken without its recovery. History holds no personal text: ids, enums, numbers and times only.
"""
