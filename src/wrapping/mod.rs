//! What was put around a transcript on its way into a ticket: one wrapper a file, each removed and accounted for.
