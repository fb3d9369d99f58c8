"""What `ketluan run` shows of a meeting: asked over HTTP as any client would, and laid out in tables."""
