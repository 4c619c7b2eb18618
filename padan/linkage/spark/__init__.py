"""Linkage on Spark (optional): the same rules, model and decision, with keys looked up and pairs scored on a cluster."""
