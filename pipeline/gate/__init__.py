"""What is wrong with it: field checks, checks within and across forms, the life of queries."""
