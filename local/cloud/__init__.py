"""What an operator does with a stage in AWS: deploying it, trying it out, founding workspaces, changing secrets."""
