"""What people take away of a build: pages, products, the summary."""
