"""One module per family of outputs: results(output, data) makes the numbers, body or figure lays them out."""
