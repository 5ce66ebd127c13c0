"""Processor time of another process, where the system tells it (Linux)."""

import os
from pathlib import Path


def cpu_seconds(process: int) -> float:
    """Seconds of user and system time that ``process`` has used, all its threads together; 0 where that cannot be known."""
    stat = Path(f"/proc/{process}/stat")
    if not stat.exists():
        return 0.0
    user, system = stat.read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
