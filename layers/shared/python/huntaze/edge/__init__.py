"""Where the outside meets the code: HTTP requests, queue messages and CloudFormation come in here."""
