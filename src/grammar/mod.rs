//! Bytes of one line to a command, a reply line, a path, a parameter: lenient, lossless nom parsers that recognise and never judge.
