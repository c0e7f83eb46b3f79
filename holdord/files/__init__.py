"""What people attach: bytes kept once under their SHA-256, in a folder or in S3. What is shown of them, and to whom, is
decided by whoever points here.
"""
