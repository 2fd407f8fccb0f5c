"""A method as small as can be, for records whose result must be made again."""


def replay(inputs, seed, result):
    """Add numbers up; "timed" stands for a run that a clock had ended."""
    total = sum(inputs["numbers"]) + (seed or 0)
    if inputs.get("timed"):
        faults = () if result["total"] <= total else (f"The total is {result['total']}, more than {total}.",)
        return "checked", result, faults
    return "recomputed", {"total": total, "parts": [{"number": number} for number in inputs["numbers"]]}, ()
