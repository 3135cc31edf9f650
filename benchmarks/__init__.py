"""Benchmarks: what webzeug costs, beside others. See docs/performance.md."""
