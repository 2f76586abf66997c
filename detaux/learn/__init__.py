"""Stage three: learn the principal task, alone or beside an auxiliary one."""
