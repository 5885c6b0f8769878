"""EC2 Auto Scaling.

LocalStack's moto stores too little of a group to build on. Groups, policies, schedules, hooks and refreshes are stored
here; instances run in LocalStack's EC2 and register in its ELBv2. Rules follow
https://docs.aws.amazon.com/autoscaling/ec2/APIReference/ and the documentation in botocore's model.
"""
