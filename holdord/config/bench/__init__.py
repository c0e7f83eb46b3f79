"""`holdord bench`: starts the real server, talks to it by socket, and prints each figure beside its floor: the same
rows written, or the same statements asked, by the bare database driver in the same run on the same machine.
"""
