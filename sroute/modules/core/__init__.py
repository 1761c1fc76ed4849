"""What the core itself exports to scripts: event routes and RPC commands. Its statements are in `interpreter`."""
