"""The first page: figures, what needs somebody, brakes."""

from __future__ import annotations

from starlette.responses import Response

from askfirst.usecases.operators.see_home import see_home
from askfirst.web.console.desk import Desk
from askfirst.web.console.stats.opt_in_chart import chart_of


async def show_home(desk: Desk) -> Response:
    """Figures of thirty days, and what waits."""
    sheet = await see_home(desk.services, desk.business_id)
    return desk.page("home.html", sheet=sheet, chart=chart_of(sheet.days, desk.reader))
