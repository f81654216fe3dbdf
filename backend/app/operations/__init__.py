"""What an operator and a client need besides the features: errors, limits, logs, metrics, probes."""
