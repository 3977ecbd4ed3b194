"""The deployment: what runs where, as AWS CDK stacks. Nothing here is imported by what runs."""
