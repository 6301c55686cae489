"""Set-up links of an organization."""
