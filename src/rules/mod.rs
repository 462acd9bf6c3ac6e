//! A session to findings: one rule a file, whose documentation is its test.
