"""Where existing connections are read from: the Management API, an export of the deploy CLI, a Terraform state."""

from app.auth0.importing.readers.deploy_cli import read_deploy_cli
from app.auth0.importing.readers.management_api import NEEDED_SCOPES, read_tenant
from app.auth0.importing.readers.terraform import read_terraform_state

__all__ = ["NEEDED_SCOPES", "read_deploy_cli", "read_tenant", "read_terraform_state"]
