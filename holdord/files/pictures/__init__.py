"""Pictures that people send, made safe to show: turned upright, drawn anew without what the camera wrote into them,
once large and once small. The work is done in a child process with limits, which alone imports the picture library.
"""
