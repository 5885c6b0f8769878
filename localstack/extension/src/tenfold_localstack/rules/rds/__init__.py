"""RDS: instances with their replicas, subnet groups and parameter groups. Clusters are as moto has them.

Rules follow https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/ and the documentation of the shapes in
botocore's service model; codes are the modelled ones.
"""
