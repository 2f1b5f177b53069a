"""A llama.cpp server for one GGUF file, as a process of its own: `python -m ipt_roleplay.llm.serve_gguf`.

It reads one line of JSON on its standard input (path, key, threads, context), prints one line with its address, and ends when its input is
closed, so that it never outlives who started it, however that ended. The key is on no command line.
"""

from __future__ import annotations

import json
import os
import sys


def main() -> None:
    """Serve until nobody listens any more."""
    asked = json.loads(sys.stdin.readline())
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what llama.cpp prints is no answer
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = asked["path"]
    parameters.hostnames, parameters.port, parameters.api_keys = ["127.0.0.1"], 0, [asked["key"]]
    parameters.n_ctx, parameters.n_parallel = asked["context"], 1
    parameters.cpuparams.n_threads = asked["threads"]
    server = xllamacpp.Server(parameters)
    out.write(json.dumps({"address": server.listening_address}) + "\n")
    out.flush()
    while sys.stdin.read(4096):
        pass
    os._exit(0)  # at once, also while it speaks


if __name__ == "__main__":
    main()
