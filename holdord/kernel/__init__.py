"""What every part of the desk stands on: the clock, working time, languages. Plain Python; knows no domain."""
