"""The simulated platform: a process of its own that speaks the bridge contract and writes down all that reaches it.

Nothing but the standard library, so that no fault of ours can hide in something both sides share.
"""
