"""Throughput and freshness, measured as ratios within one run."""
