"""People and groups: joining, roles, agency names, groups, personal data."""
