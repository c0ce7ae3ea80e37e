"""What was delivered: deliveries, readers of every kind of file, raw records and the data cut."""
