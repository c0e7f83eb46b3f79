"""What a text says: its new words, its language, whether it only thanks. Plain Python; knows no channel."""
