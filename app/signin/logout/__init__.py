"""Signing out: at the provider because an application asked, and here because the provider says so.

`leaving` takes the browser to one provider after the other and lets it go on afterwards; `demands` ends the sessions that
a provider says are over.
"""
