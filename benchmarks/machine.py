"""Where a benchmark was run, how busy the machine was, and how times are summed up."""

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median, quantiles

BUSY = 0.5  # load for each core above which a figure is not worth keeping


def p50_p95(values: list[float]) -> tuple[float, float]:
    """Return the median and the 95th percentile."""
    return median(values), quantiles(values, n=20, method="inclusive")[-1]


def print_machine(*packages: str, browser: str = "") -> None:
    """Print the machine, the versions and how busy it is."""
    print(f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores{_processor()}")
    print(f"Python {platform.python_version()}" + (f", Chromium {browser}" if browser else ""))
    for name in packages:
        try:
            print(f"{name} {version(name)}")
        except PackageNotFoundError:
            print(f"{name}: not installed")
    print_load("before")


def print_load(when: str) -> None:
    """Print the load over 1, 5 and 15 minutes, and say so if it spoils the figures."""
    load = os.getloadavg()
    print(f"load {when}: {load[0]:.2f} {load[1]:.2f} {load[2]:.2f}", flush=True)
    if when == "before" and load[0] > BUSY * (os.cpu_count() or 1):
        print("the machine is busy: repeat when it is quiet", file=sys.stderr)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return ""
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return f" ({names[0]})" if names else ""
