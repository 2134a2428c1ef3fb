"""Meta's routes for files, and its server of files beside them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from askfirst.graph.platform.errors import GraphCode
from askfirst.simulator.endpoints.graph_body import read_fields
from askfirst.simulator.graph import file_list
from askfirst.simulator.graph.refused import Refused
from askfirst.simulator.simulator import Simulator
from askfirst.simulator.state.belongings import StoredFile

CheckToken = Callable[[Request], None]
_NOT_FOUND = 404


class FilesApi:
    """Takes files and hands them out."""

    def __init__(self, simulator: Simulator, check_token: CheckToken) -> None:
        self._simulator = simulator
        self._owned = simulator.world.belongings
        self._check_token = check_token

    def routes(self) -> dict[tuple[str, str], Callable[[Request, str], Awaitable[Any]]]:
        """List the edges that are served here."""
        return {("POST", "media"): self._upload, ("POST", "uploads"): self._begin}

    async def _upload(self, request: Request, node: str) -> Mapping[str, Any]:
        number = self._simulator.world.numbers.get(node)
        if number is None:
            raise Refused(GraphCode.PARAMETER_INVALID, "Object does not exist.")
        async with request.form() as form:
            product = form.get("messaging_product") or request.query_params.get("messaging_product")
            if product != "whatsapp":
                details = "The parameter messaging_product is required."
                raise Refused(GraphCode.PARAMETER_INVALID, details)
            file = form.get("file")
            if not isinstance(file, UploadFile):
                raise Refused(GraphCode.PARAMETER_INVALID, "The parameter file is required.")
            content = await file.read()
            kind = file.content_type or str(form.get("type") or "")
        return {"id": self.keep(node, kind, content).file_id}

    def keep(self, phone_number_id: str, mime_type: str, content: bytes) -> StoredFile:
        """Keep a file, if Meta would."""
        file_list.check_file(mime_type, content)
        file = StoredFile(
            file_id=self._simulator.mint_node_id(),
            phone_number_id=phone_number_id,
            mime_type=mime_type,
            content=content,
        )
        self._owned.files[file.file_id] = file
        return file

    async def serve(self, request: Request) -> Response:
        """Hand a file out, to whoever shows a token: `GET /cdn/{file_id}`."""
        file = self._owned.files.get(request.path_params["file_id"])
        try:
            self._check_token(request)
        except Refused:
            return Response(status_code=401)
        if file is None or request.query_params.get("hash") != file.sha256[:16]:
            return Response(status_code=_NOT_FOUND)
        piece = file_list.cut(file.content, request.headers.get("range", ""))
        headers = {"accept-ranges": "bytes"}
        if piece.content_range:
            headers["content-range"] = piece.content_range
        if piece.content is None:
            return Response(status_code=416, headers=headers)
        status = 206 if piece.content_range else 200
        return Response(piece.content, status, headers, media_type=file.mime_type)

    async def _begin(self, request: Request, _app: str) -> Mapping[str, Any]:
        fields = {**request.query_params, **(await read_fields(request))}
        session_id = f"upload:{self._simulator.mint_link_code()}=?sig=simulated"
        self._owned.uploads[session_id] = file_list.begin_upload(session_id, fields)
        return {"id": session_id}

    async def go_on(self, request: Request, name: str) -> Mapping[str, Any]:
        """Take a piece of a resumable upload, or say how much has come."""
        session_id = f"{name}?sig={request.query_params.get('sig', '')}"
        session = self._owned.uploads.get(session_id)
        if session is None:
            raise Refused(GraphCode.PARAMETER_INVALID, "The upload session does not exist.")
        if request.method == "GET":
            return {"id": session_id, "file_offset": len(session.content)}
        offset = request.headers.get("file_offset", "")
        return file_list.take_piece(session, offset, await request.body())
