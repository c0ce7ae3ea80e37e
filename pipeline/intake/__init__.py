"""What was delivered: deliveries held to their promise, raw records by contract, and the data cut."""
