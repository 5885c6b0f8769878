"""ElastiCache: replication groups and the resources they use, stored here instead of in moto.

Rules follow https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/ and the shape documentation in
botocore's service model, which also has the error codes.
"""
