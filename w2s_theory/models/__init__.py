"""Population-exact random-feature models: features, targets and teachers, no sampled inputs."""
