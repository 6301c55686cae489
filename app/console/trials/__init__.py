"""Test sign-ins that an operator begins: on the draft where there is one, signing nobody in."""
