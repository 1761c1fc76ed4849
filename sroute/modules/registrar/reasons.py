"""Why a REGISTER was refused: the code of the reply and the text of P-Registrar-Error."""

from enum import Enum

PHRASES = {
    200: "OK",
    400: "Bad Request",
    420: "Bad Extension",
    421: "Extension Required",
    423: "Interval Too Brief",
    439: "First Hop Lacks Outbound Support",
    500: "Server Internal Error",
    503: "Service Unavailable",
}


class Reason(Enum):
    """The outcome of save(): code and text."""

    FINE = (200, "OK")
    INVALID_CSEQ = (400, "Invalid CSeq number")
    INVALID_Q = (400, "Invalid q param in contact")
    PARSE = (400, "Message parse error")
    PARSE_EXPIRES = (400, "Expires parse error")
    PARSE_CONTACT = (400, "Contact parse error")
    PARSE_PATH = (400, "Path parse error")
    STAR_EXPIRES = (400, "* used in contact and expires is not zero")
    STAR_CONTACT = (400, "* used in contact and more than 1 contact")
    AOR_LONG = (500, "Address Of Record too long")
    AOR_PARSE = (400, "Error while parsing AOR")
    UNESCAPE = (400, "Error while unescaping username")
    TOO_MANY = (503, "Too many registered contacts")
    CONTACT_LONG = (400, "Contact/received too long")
    CALLID_LONG = (400, "Callid too long")
    BRIEF = (423, "Interval too brief")
    PATH_UNSUPPORTED = (420, "No support for found Path indicated")
    OUTBOUND_UNSUPPORTED = (421, "No support for Outbound indicated")
    OUTBOUND_REQUIRED = (420, "No support for Outbound on server")
    OUTBOUND_EDGE = (439, "No support for Outbound on edge proxy")

    @property
    def code(self) -> int:
        """The code of the reply."""
        return self.value[0]

    @property
    def text(self) -> str:
        """The text of P-Registrar-Error."""
        return self.value[1]


class Refused(Exception):
    """save() fails for a reason; result is its return code. logged is what Kamailio says, from the cause outwards."""

    def __init__(self, reason: Reason, *logged: str, level: str = "ERROR", result: int = -1) -> None:
        """Without a log text nothing is said."""
        super().__init__(reason.text)
        self.reason = reason
        self.logged = logged
        self.level = level
        self.result = result
