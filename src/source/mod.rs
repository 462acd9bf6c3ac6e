//! A path or standard input to named, decoded lines: one container or encoding a file. Knows nothing of SMTP.
