"""Limits that a child process puts on itself before it touches anything hostile."""

import resource


def limit_this_process(cpu_seconds: int, memory_bytes: int) -> None:
    """No more than so much processor time and address space, and no core dump. It can't be taken back."""
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
