"""What can be asked for by a model, by a sentence or by an MCP client: tools, thin over the task service."""
