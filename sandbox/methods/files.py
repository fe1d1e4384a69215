"""Methods about files."""

from __future__ import annotations

from sandbox import render
from sandbox.call import Call, method
from sandbox.errors import bad_request
from sandbox.files import MAX_DOWNLOAD
from sandbox.json_values import Json


@method("getFile")
async def get_file(call: Call) -> Json:
    file = call.world.files.get(call.text("file_id"))
    if file is None:
        raise bad_request("invalid file_id")
    if len(file.data) > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    return render.file(file) | {"file_path": file.path}
