"""Makes an NKey: the seed for whoever connects, and the public key for the server: python -m deploy.nats.keys."""

import sys

from shared.nkey import new_seed, public_key

if __name__ == "__main__":
    seed = new_seed()
    sys.stdout.write(f"KETLUAN_NATS_SEED={seed}\n{public_key(seed)}\n")
