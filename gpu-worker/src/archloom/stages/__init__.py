"""The four stages of the loop, one module each, readable from top to bottom. No SQL, no threads, never torch.

A stage is called with a leased job and does it: it returns when the job is done and its effects are stored.
Otherwise it raises AttemptStopped (give the job back, or end it, as the control says), LeaseLost,
RunCannotGoOn, or any other error, which counts as a failed try. What a candidate does to itself is a result
and raises nothing.
"""
