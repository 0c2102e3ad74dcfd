"""SOQL: a grammar, names resolved against the schema, and evaluation over indexes."""
