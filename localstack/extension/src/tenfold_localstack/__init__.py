"""Adds to LocalStack's free edition the services that it lacks and the AWS rules that it does not enforce.

`python -m tenfold_localstack` starts LocalStack with this extension (see ../../../up). Installed packages are not
modified: the added services come from LocalStack's own moto, and a rule is a function that runs before an operation.
"""
