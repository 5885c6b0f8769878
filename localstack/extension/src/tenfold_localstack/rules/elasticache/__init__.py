"""ElastiCache: replication groups and what they are made of, kept here rather than by moto.

Rules follow https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/ and the documentation of the shapes in
botocore's service model, which also has the codes of errors.
"""
