"""Sayable ids as in `server/contract/ids.ts`: run `R3`, cycle `R3.2`, candidate `R3.2.017`, re-run
`R3.2.017e2`."""


def run_id(run: int) -> str:
    return f"R{run}"


def cycle_id(run: int, cycle: int) -> str:
    return f"R{run}.{cycle}"


def candidate_id(run: int, cycle: int, index: int) -> str:
    return f"R{run}.{cycle}.{index:03d}"


def evaluation_id(run: int, cycle: int, index: int, ordinal: int) -> str:
    return f"{candidate_id(run, cycle, index)}e{ordinal}"


def task_id(task: int) -> str:
    return f"T{task}"
