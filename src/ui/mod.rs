//! What people see: stdout and stderr, colour, escaping of foreign text, exit codes.
