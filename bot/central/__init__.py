"""The central system over HTTP, in the running bot."""
