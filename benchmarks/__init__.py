"""Measured, never asserted on a clock. `make bench` runs all and writes results/."""
