"""Where a person is, told by a browser whose line is a stream: a socket says it by itself."""

import redis
import structlog
from django.http import HttpRequest, JsonResponse
from django.http.request import RawPostDataException
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.accounts.models import User
from crm.accounts.permissions import member_required
from crm.core.errors import Invalid
from crm.realtime import bell
from crm.realtime.asked import Here, here_asked_in
from crm.realtime.presence import as_data, presence_enter, presence_read
from crm.realtime.rooms import may_join, shows_presence

log = structlog.get_logger(__name__)


@member_required
@require_POST
def here(request: HttpRequest) -> JsonResponse:
    """The body is what a socket says as `here`, with the name of the line; answers who else is in those rooms."""
    asked = here_asked_in(_body(request))
    if asked is None:
        raise Invalid(_("This is not JSON that can be read."))
    rooms = {room for room in asked.rooms if shows_presence(room) and may_join(request.user, room)}
    return JsonResponse({"presence": _enter(request.user, rooms, asked)})


def _body(request: HttpRequest) -> str | None:
    """The body as text; None if it came as a form with files, which is read already where its token was looked for."""
    try:
        return request.body.decode("utf-8", "replace")
    except RawPostDataException:
        return None


def _enter(user: User, rooms: set[str], asked: Here) -> list[dict[str, object]]:
    try:
        presence_enter(user, line=asked.line, rooms=rooms, typing=asked.typing)
        known = presence_read(rooms)
    except redis.RedisError as error:
        log.warning("presence_away", error=type(error).__name__)
        return [{"room": room, "people": []} for room in sorted(rooms)]
    bell.ring_presence(rooms)
    others = {room: [person for person in known[room].people if person.id != user.pk] for room in sorted(rooms)}
    return [{"room": room, "people": as_data(people)} for room, people in others.items()]
