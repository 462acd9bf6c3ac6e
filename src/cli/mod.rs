//! Arguments, exit statuses, printing: the only room that touches the terminal and the environment.
