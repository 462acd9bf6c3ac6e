//! A line to turns: one recording tool's format a file. Knows nothing of order, codes or rules.
