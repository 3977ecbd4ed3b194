"""The local run: real servers, a local AWS and demo data. Never deployed."""

import sys
from pathlib import Path

# The product's own code, for what the demo does through its use cases. Not by PYTHONPATH: the deployed functions are
# started with this environment, and must find nothing but what was deployed.
sys.path.append(str(Path(__file__).parent.parent / "layers" / "shared" / "python"))
