"""The distributor's central system over HTTP: docs/central-system.yaml, from the client's side."""
