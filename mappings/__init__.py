"""What a CRM's fields and stages mean to us, and what shall happen."""
