"""The algorithm FEEDBACK of pipelimit and ratelimit: a controller makes of the load how many messages in a hundred are dropped."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sroute.exports.rpc import RpcFault
from sroute.runtime.services import Services

ORDER = (
    18, 50, 51, 39, 49, 68, 8, 78, 61, 75, 53, 32, 45, 77, 31, 12, 26, 10, 37, 99,
    29, 0, 52, 82, 91, 22, 7, 42, 87, 43, 73, 86, 70, 69, 13, 60, 24, 25, 6, 93,
    96, 97, 84, 47, 79, 64, 90, 81, 4, 15, 63, 44, 57, 40, 21, 28, 46, 94, 35, 58,
    11, 30, 3, 20, 41, 74, 34, 88, 62, 54, 33, 92, 76, 85, 5, 72, 9, 83, 56, 17,
    95, 55, 80, 98, 66, 14, 16, 38, 71, 23, 2, 67, 36, 65, 27, 1, 19, 59, 89, 48,
)  # fmt: skip
"""The n-th message of a hundred is dropped when the rate is above this number (observed)."""


@dataclass(slots=True)
class Controller:
    """A PID controller; load and setpoint are from 0 to 1."""

    ki: float = -25.0
    kp: float = 0.0
    kd: float = 0.0
    setpoint: float = 0.0
    rate: int = 0
    _sum: float = 0.0
    _last: float = 0.0

    def set(self, numbers: Sequence[Any]) -> None:
        """Sets ki, kp and kd."""
        self.ki, self.kp, self.kd = (float(number) for number in numbers[:3])

    @property
    def shown(self) -> str:
        """ki, kp and kd as the RPC commands show them."""
        return f"ki[{self.ki:f}] kp[{self.kp:f}] kd[{self.kd:f}] "

    def update(self, load: float) -> None:
        """The load was measured, or set: the rate follows."""
        error = self.setpoint - load
        change = error - self._last
        self._sum += error
        output = self.kp * error + self.ki * self._sum + self.kd * change
        self._last = error
        self.rate = int(output) if output > 0 else 0

    def drops(self, count: int) -> bool:
        """Whether the n-th message of an interval is dropped."""
        return ORDER[count % 100] < self.rate


def load_argument(services: Services, module: str, arguments: Sequence[Any]) -> float:
    """The load that a command is given.

    Raises RpcFault.
    """
    if not arguments:
        raise RpcFault(400, "error at parameter 0: expected float type but end of packet encountered")
    if not isinstance(arguments[0], int | float):
        raise RpcFault(400, "error at parameter 0: expected float type but record doesn't match type")
    load = float(arguments[0])
    if not 0 <= load <= 1:
        services.diag("ERROR", f"value out of range: {load:0.3f} in not in [0.0,1.0]", module)
        raise RpcFault(400, "Value out of range")
    return load
