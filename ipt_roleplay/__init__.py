"""Rehearse a hard conversation before having it."""

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
# onnxruntime (1.29 and newer) reports to its maker from Linux and macOS unless this is set before it is first imported; there is no later way.


__version__ = "0.1.0"
