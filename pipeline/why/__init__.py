"""Where a number comes from, and what another choice would change."""
