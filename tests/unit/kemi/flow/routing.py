import KSR  # type: ignore[import-not-found]


def mod_init() -> "Routing":
    KSR.info("begun\n")
    return Routing()


class Routing:
    def child_init(self, rank: int) -> int:
        return 0

    def ksr_request_route(self, msg: object) -> int:
        if KSR.is_OPTIONS():
            KSR.route("native")
            KSR.hdr.append_to_reply(f"X-Count: {KSR.pv.get('$var(n)')}\r\n")
            KSR.sl.sl_send_reply(200, "Options")
            return 1
        if KSR.is_method_in("R"):
            self.deep()
        if KSR.is_SUBSCRIBE():
            raise NameError("nothing")
        KSR.tm.t_on_branch("my_branch")
        KSR.tm.t_on_failure("my_failure")
        KSR.tm.t_on_reply("my_reply")
        KSR.rr.record_route()
        KSR.setdsturi("sip:127.0.0.1:15070")
        if KSR.tm.t_relay() < 0:
            KSR.sl.sl_reply_error()
        return 1

    def deep(self) -> None:
        KSR.sl.send_reply(403, "Deep")
        exit()

    def my_branch(self, msg: object) -> int:
        KSR.hdr.append(f"X-Branch: {KSR.tm.t_get_branch_index()}\r\n")
        return 1

    def my_failure(self, msg: object) -> int:
        if KSR.tm.t_is_canceled() > 0:
            return 1
        if KSR.tm.t_check_status("486") > 0:
            KSR.tm.t_reply(480, "Busy There")
            return 1
        KSR.tm.t_reply(504, "Nobody Answers")
        return 1

    def my_reply(self, msg: object) -> int:
        KSR.hdr.append(f"X-Reply: {KSR.kx.get_status()}\r\n")
        return 1

    def ksr_reply_route(self, msg: object) -> int:
        if KSR.kx.get_status() == 183:
            KSR.set_drop()
        if KSR.kx.get_status() == 182:
            KSR.set_drop()
        return 1

    def on_send(self, msg: object) -> int:
        KSR.htable.sht_inc("a", "sent")
        if KSR.hdr.is_present("X-Nowhere") > 0:
            KSR.set_drop()
        return 1
