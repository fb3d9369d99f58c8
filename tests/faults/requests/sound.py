"""Requests with nothing wrong but, perhaps, who sends them: of these the permissions alone decide."""

import json
from collections.abc import Mapping
from urllib.parse import urlencode

from hypothesis import strategies as st

from tests.examples import conclusion
from tests.faults.requests.exchange import Asked
from tests.faults.requests.town import Town

_COMMANDS: Mapping[str, Mapping[str, object]] = {
    "acknowledge": {},
    "report-progress": {"percent": 10, "note": "Đang làm."},
    "submit-completion": {"note": "Đã xong."},
    "accept-completion": {"note": "Đạt."},
    "return-completion": {"reason": "Chưa đủ hồ sơ."},
    "request-extension": {"until": "2027-01-15", "reason": "Chờ thẩm định."},
    "grant-extension": {"note": "Đồng ý."},
    "refuse-extension": {"reason": "Không đủ lý do."},
    "set-deadline": {"due": "2027-02-01", "reason": "Theo kế hoạch mới."},
    "reassign": {"unit": "ke-hoach-tai-chinh", "reason": "Đúng chức năng."},
    "comment": {"text": "Xem lại mục 2."},
    "remind": {"message": "Sắp đến hạn."},
    "cancel": {"reason": "Trùng việc."},
    "reopen": {"reason": "Làm lại."},
}
_JSON = (b"Content-Type", b"application/json")
_FORM = (b"Content-Type", b"application/x-www-form-urlencoded")
_ACCEPT = (b"Accept", b"application/json")
_ANY_VERSION = b", ".join(b'"%d"' % number for number in range(1, 200))


def sound(town: Town) -> st.SearchStrategy[Asked]:
    """Notices, commands on tasks, marks in inboxes and new units, by anybody."""

    @st.composite
    def request(draw: st.DrawFn) -> Asked:
        asker = draw(st.sampled_from(town.askers))
        command = draw(st.sampled_from([*_COMMANDS, "notice", "mark", "unit"]))
        number = draw(st.integers(0, 10**6))
        headers = [_JSON, _ACCEPT]
        body: Mapping[str, object]
        if command == "notice":
            path, body = "/v1/conclusions", conclusion(1, number=f"{number}/TB-SINH")
        elif command == "mark":
            path, body = f"/v1/inbox/{draw(st.sampled_from(town.ids['person']))}/read", {"up_to": number % 50 + 1}
        elif command == "unit":
            path, body = "/v1/directory/units", {"id": f"don-vi-{number}", "name": f"Đơn vị {number}"}
        elif asker.form:
            version = str(draw(st.integers(1, 6)))
            path = f"/tasks/{draw(st.sampled_from(town.ids['task']))}/{command}"
            content = urlencode({**_COMMANDS[command], **asker.form, "version": version}).encode()
            return Asked(asker, "", "POST", path.encode(), [_FORM, (b"Accept", b"text/html")], content)
        else:
            path, body = f"/v1/tasks/{draw(st.sampled_from(town.ids['task']))}/{command}", _COMMANDS[command]
            headers.append((b"If-Match", _ANY_VERSION))
        return Asked(asker, "", "POST", path.encode(), headers, json.dumps(body).encode())

    return request()
