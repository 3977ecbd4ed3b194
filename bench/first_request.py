"""One cold start, timed from the inside: `python -I -S first_request.py MODULE EVENT_FILE FOLDER…`.

Run without site packages: only the standard library and the folders named here can be imported, like in Lambda.
"""

import importlib
import json
import sys
import time
from http import HTTPStatus
from pathlib import Path

module, event_file, *folders = sys.argv[1:]
event = json.loads(Path(event_file).read_text())
sys.path[:0] = folders


class Context:
    """The fields of a Lambda context that libraries read."""

    function_name = "bench"
    function_version = "1"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:us-east-1:000000000000:function:bench"
    aws_request_id = "00000000-0000-0000-0000-000000000000"
    log_group_name = log_stream_name = "bench"

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        """As much as an invocation has at its beginning."""
        return 29_000


started = time.perf_counter()
answer = importlib.import_module(module).handler(event, Context())
ended = time.perf_counter()
assert answer["statusCode"] == HTTPStatus.OK, answer  # noqa: S101  (a wrong answer must not be timed)
print(json.dumps({"milliseconds": (ended - started) * 1000, "modules": len(sys.modules)}))
