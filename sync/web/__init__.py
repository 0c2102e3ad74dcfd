"""The pages: the survey for customers, health and metrics for whoever runs the service.

They read and write the store and nothing else: no page ever speaks to a CRM.
"""
