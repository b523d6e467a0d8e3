"""What is done in the background, `noun.verb`: one module per concern, one handler per kind of job.

A handler's `work` gathers (one reading transaction), does what takes time (outside any transaction), and answers with
the function that writes the result. Deciding is left to `cases.actions`.
"""
