"""The journey of one sign-in: route, begin, complete, decide, trace.

Owns the pending sign-in (bound to one browser, consumed once), the memory of replayed proofs, the question whether an
identity is still allowed, and the trace. Does not know what a finished sign-in is for: that is the continuation which a
higher room registers for its purpose.
"""
