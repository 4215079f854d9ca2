"""What crosses the border as JSON. The models are generated from the zod schemas in `server/contract`."""
