"""LocalStack's free edition, with the services it lacks and the rules of AWS that it does not enforce.

`python -m tenfold_localstack` starts LocalStack with all of it (see ../../../up). Nothing installed is edited:
the services come from LocalStack's own moto, and a rule is a function put in front of an operation.
"""
