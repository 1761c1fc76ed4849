"""KEMI: functions of a Python or Lua file that Kamailio's modules call, and `KSR`, by which these call back."""
