"""The description of the API as one would serve it on FastAPI and Mangum: a prepared file, read once."""

import json
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from mangum import Mangum

app = FastAPI(openapi_url=None)
FILE = Path(__file__).parent.parent.parent / "functions" / "public" / "openapi.json"


@app.get("/api/openapi.json")
def openapi() -> JSONResponse:
    return JSONResponse(json.loads(FILE.read_text()))


handler = Mangum(app, lifespan="off")
