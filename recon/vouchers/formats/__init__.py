"""One file per target: how draft vouchers are written."""
