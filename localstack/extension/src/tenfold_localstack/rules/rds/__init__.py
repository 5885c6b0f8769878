"""RDS: instances and replicas, subnet groups and parameter groups. Clusters are as in moto.

Rules follow https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/ and the shape documentation in botocore's
service model, which also has the error codes.
"""
