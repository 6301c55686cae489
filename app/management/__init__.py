"""What an operator can do, once: each operation with its shape, its scope and its words. The faces only carry it.

The API turns operations into routes and an OpenAPI document, the command line into commands. Both therefore offer the
same things, refuse the same things and answer the same JSON. Knows no Flask and no terminal.
"""

from app.management.catalogue import OPERATIONS, TITLES
from app.management.operation import Call, Operation, Rooms
from app.management.shapes import Page, Shape, read_body, read_query

__all__ = ["OPERATIONS", "TITLES", "Call", "Operation", "Page", "Rooms", "Shape", "read_body", "read_query"]
