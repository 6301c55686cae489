"""The setup portal: a customer's administrator connects their identity provider, page by page of its own console.

`wizard`, `tasks`, `providers` and `own_values` are pure; `pages` act through the desk of a setup link; `views`
alone knows Flask.
"""

from app.portal.turn import Portal

__all__ = ["Portal"]
