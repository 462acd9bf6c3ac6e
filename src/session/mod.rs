//! Turns to sessions: demultiplex, orient the marks, attribute unmarked lines, pair, find transactions.
