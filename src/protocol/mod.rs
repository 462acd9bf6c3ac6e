//! What the RFCs say, as tables: each row cites its clause. Knows nothing of the crate.
