"""The gate's checks: what a data manager would query, declared in YAML and computed by rules on raw records."""

from pipeline.gate.checks.engine import run_checks

__all__ = ["run_checks"]
