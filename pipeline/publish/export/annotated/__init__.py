"""The annotated CRF: a page for each form, beside each field the variable that holds it, or why none does."""
