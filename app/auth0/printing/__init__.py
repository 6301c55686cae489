"""The trust on paper, for whoever gives nobody credentials: as JSON, as curl lines, as Terraform. One source for all."""

from app.auth0.printing.curl import print_curl
from app.auth0.printing.json_text import print_json
from app.auth0.printing.requests import CLIENT_ID, CLIENT_SECRET, PrintedTrust, list_requests
from app.auth0.printing.terraform import print_terraform

#: How a trust can be printed.
FORMATS = {"json": print_json, "curl": print_curl, "terraform": print_terraform}

__all__ = ["CLIENT_ID", "CLIENT_SECRET", "FORMATS", "PrintedTrust", "list_requests"]
