//! Sessions and findings to verdicts and totals, ready to be serialised.
