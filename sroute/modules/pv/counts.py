"""`$stat(name)`: the number of a counter, of the script or of Kamailio itself."""

from sroute.exports.fixups import TEXT, Arg, Scope
from sroute.exports.variable import Index
from sroute.modules.pv.keys import key
from sroute.modules.pv.module import pv
from sroute.runtime.run import Read, Run
from sroute.runtime.values import Spelled, Value, wrap32


@pv.variables_of("stat", inner=TEXT)
def stat(scope: Scope, inner: Arg[str], index: Index) -> Read:
    """The number of a counter by its name without group; a negative one prints without sign. Null when there is none.

    The core's are there with the module kex, those of sl, tmx, usrloc, registrar, pike and uac with these; sroute does not
    count what is about memory, TCP connections and DNS (`shmem:`, `tcp:`, `dns:`).

    Example: xlog("$stat(rcv_requests)\\n");
    """
    number = _number(scope, inner, index)

    def read(run: Run) -> Value:
        found = number(run)
        return found if not isinstance(found, int) or found >= 0 else Spelled(found, str(found & 0xFFFFFFFF))

    return read


def _number(scope: Scope, inner: Arg[str], index: Index) -> Read:
    name, services = key(inner), scope.services

    def read(run: Run) -> Value:
        found = services.counters.find(name)
        if found is None:
            services.diag("WARNING", f"No stat variable ``{name}''", "pv", run.at)
            services.note("$stat: sroute has no statistics of memory, TCP connections and DNS", run.at)
            return None
        return wrap32(found.value)

    return read


stat.number = _number
