"""The review site: one folder that opens in a browser, from a printed number down to the line of the delivered file."""
