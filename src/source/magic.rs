//! What is well known not to be text, by its first octets.

/// Where in a file, which octets, and what it then is.
type Magic = (usize, &'static [u8], &'static str);

/// The signatures of the formats' own specifications.
const BINARY: &[Magic] = &[
    (0, b"\x89PNG\r\n\x1A\n", "a PNG picture"),
    (0, b"\xFF\xD8\xFF", "a JPEG picture"),
    (0, b"GIF87a", "a GIF picture"),
    (0, b"GIF89a", "a GIF picture"),
    (8, b"WEBP", "a WebP picture"),
    (0, b"II*\0", "a TIFF picture"),
    (0, b"MM\0*", "a TIFF picture"),
    (4, b"ftyp", "a film or a HEIC picture"),
    (0, b"%PDF-", "a PDF document"),
    (0, b"\x7FELF", "a program (ELF)"),
    (0, b"MZ\x90\0", "a Windows program"),
    (0, b"\xCA\xFE\xBA\xBE", "a program"),
    (0, b"\xCF\xFA\xED\xFE", "a program (Mach-O)"),
    (0, b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "an Outlook message or an old Office document"),
    (0, b"7z\xBC\xAF\x27\x1C", "a 7-Zip archive"),
    (0, b"Rar!\x1A\x07", "a RAR archive"),
    (0, b"MSCF\0\0\0\0", "a Windows cabinet"),
    (0, b"ElfFile\0", "a Windows event log"),
    (0, b"SQLite format 3\0", "an SQLite database"),
    (0, b"PAR1", "a Parquet file"),
    (0, b"!<arch>\n", "a library or a Debian package"),
];

/// First entries by which zip archives are known to be documents; the name begins at octet 30.
const DOCUMENTS: &[Magic] = &[
    (30, b"[Content_Types].xml", "an Office document"),
    (30, b"mimetypeapplication/vnd.oasis", "an OpenDocument document"),
    (30, b"mimetypeapplication/epub", "an electronic book"),
    (30, b"META-INF/", "a Java archive"),
];

/// What is well known not to be text, with its article.
pub(super) fn binary(start: &[u8]) -> Option<&'static str> {
    let has = |(at, octets, _): &&Magic| has(start, *at, octets);
    let zip = start.starts_with(b"PK\x03\x04");
    let documents = if zip { DOCUMENTS } else { &[] };
    BINARY.iter().chain(documents).find(has).map(|(_, _, what)| *what)
}

/// Whether `octets` stand at octet `at`.
pub(super) fn has(start: &[u8], at: usize, octets: &[u8]) -> bool {
    start.get(at..).is_some_and(|rest| rest.starts_with(octets))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binaries_are_known_and_text_is_not_taken_for_one() {
        for (start, expected) in [
            (&b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR"[..], Some("a PNG picture")),
            (b"RIFF\x24\0\0\0WEBPVP8 ", Some("a WebP picture")),
            (b"%PDF-1.7\n", Some("a PDF document")),
            (
                b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x13\0\0\0[Content_Types].xml",
                Some("an Office document"),
            ),
            (b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x05\0\0\0a.txt", None),
            (b"220 mx.example ESMTP\r\n", None),
            (b"MZ is how this line begins", None),
            (b"", None),
        ] {
            assert_eq!(binary(start), expected, "{start:?}");
        }
    }
}
