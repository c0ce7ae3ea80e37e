"""When and where: reading extracts, running recipes, storing products, tracing numbers."""
