function ksr_request_route()
  if KSR.is_OPTIONS() then
    KSR.route("native")
    KSR.hdr.append_to_reply("X-Count: " .. KSR.pv.get("$var(n)") .. "\r\n")
    KSR.sl.sl_send_reply(200, "Options")
    KSR.x.exit()
  end
  if KSR.is_method_in("R") then
    deep()
  end
  if KSR.is_SUBSCRIBE() then
    nothing.here()
  end
  KSR.tm.t_on_branch("my_branch")
  KSR.tm.t_on_failure("my_failure")
  KSR.tm.t_on_reply("my_reply")
  KSR.rr.record_route()
  KSR.setdsturi("sip:127.0.0.1:15070")
  if KSR.tm.t_relay() < 0 then KSR.sl.sl_reply_error() end
end

function deep()
  KSR.sl.send_reply(403, "Deep")
  KSR.x.exit()
  KSR.sl.send_reply(500, "Not reached")
end

function my_branch()
  KSR.hdr.append("X-Branch: " .. KSR.tm.t_get_branch_index() .. "\r\n")
end

function my_failure()
  if KSR.tm.t_is_canceled() > 0 then return end
  if KSR.tm.t_check_status("486") > 0 then
    KSR.tm.t_reply(480, "Busy There")
    return
  end
  KSR.tm.t_reply(504, "Nobody Answers")
end

function my_reply()
  KSR.hdr.append("X-Reply: " .. KSR.kx.get_status() .. "\r\n")
end

function ksr_reply_route()
  if KSR.kx.get_status() == 183 then KSR.x.drop() end
  if KSR.kx.get_status() == 182 then KSR.set_drop() end
end

function on_send()
  KSR.htable.sht_inc("a", "sent")
  if KSR.hdr.is_present("X-Nowhere") > 0 then KSR.x.drop() end
end
