//! What keeps us from our work on a document: the codes of `error`, for `vouch explain` and `docs/errors.md`.

/// A code of `error.code`.
pub(crate) struct FailureDoc {
    /// The code.
    pub(crate) code: &'static str,
    /// What happened.
    pub(crate) means: &'static str,
    /// What to do.
    pub(crate) fix: &'static str,
}

const fn doc(code: &'static str, means: &'static str, fix: &'static str) -> FailureDoc {
    FailureDoc { code, means, fix }
}

/// All codes, sorted.
pub(crate) const FAILURES: &[FailureDoc] = &[
    doc(
        "ARCHIVE_BOMB",
        "A file in an archive unpacks to far more than an invoice can be.",
        "Do not open it; ask the sender for the invoice itself.",
    ),
    doc(
        "ATTACHMENT_LOOP",
        "The file holds itself, or its list of files leads back to itself: made to do harm.",
        "Do not open it; ask the sender for the invoice itself.",
    ),
    doc(
        "ATTACHMENT_MISSING",
        "The mail names an attachment that it does not hold, such as a link into a cloud.",
        "Save the attachment and give it to vouch as a file.",
    ),
    doc(
        "ATTACHMENT_UNREADABLE",
        "A file within a PDF cannot be unpacked, or is larger than any document.",
        "Save it with a PDF viewer, if that can, and give it to vouch as a file.",
    ),
    doc(
        "CORRUPT_FILE",
        "The file is damaged, cut off, or not what it begins like.",
        "Ask for it again; if it opens elsewhere, print it to a new PDF.",
    ),
    doc(
        "EMPTY_FILE",
        "The file has no bytes.",
        "Ask for it again: most often a transfer broke off.",
    ),
    doc(
        "ENCRYPTED_FILE",
        "The PDF opens only with a password.",
        "Ask for a copy without one, or save one yourself.",
    ),
    doc(
        "EXTRACT_INVALID",
        "Neither number, date, vendor nor total was found: this is no invoice, or one that cannot be read.",
        "Look at the document. If it is an invoice, enter it by hand; a better scan helps too.",
    ),
    doc(
        "FILE_NOT_FOUND",
        "There was nothing at the path when its turn came.",
        "Check the path; the next run looks again.",
    ),
    doc(
        "FILE_TOO_LARGE",
        "The file is larger than --max-size (10 MB).",
        "Raise --max-size or `ocr.max_size`.",
    ),
    doc(
        "FILE_UNREADABLE",
        "The system does not let us read the file.",
        "Check its permissions; the next run tries again.",
    ),
    doc(
        "IMAGE_TOO_LARGE",
        "The image has more pixels than a page can sensibly have.",
        "Scan at 300 dpi.",
    ),
    doc(
        "INTERNAL",
        "A bug in vouch. Nothing else was touched.",
        "Please report it with the document, if you may.",
    ),
    doc(
        "INVALID_RECORD",
        "A line on standard input is no vouch record, or has a key of ours with a value that does not fit.",
        "The message names line and place. Own keys are allowed at the top, in `invoice` and in line items.",
    ),
    doc(
        "LINE_TOO_LONG",
        "A line on standard input is longer than 64 MiB.",
        "Run `extract` behind `ocr` without --keep-words.",
    ),
    doc(
        "OCR_QUALITY",
        "The scan is so bad that neither number nor total could be read.",
        "Scan it again, at 300 dpi, straight and evenly lit.",
    ),
    doc(
        "OCR_UNAVAILABLE",
        "The page is an image and Tesseract or its language data is missing.",
        "`vouch doctor` says what is missing.",
    ),
    doc(
        "READER_DIED",
        "The process that read the file died or ran out of memory: the file is damaged or made to do harm.",
        "Look at it with care. `ocr.memory` raises the limit.",
    ),
    doc(
        "TEXT_TOO_SHORT",
        "There is hardly any text on the pages.",
        "Look at the document: it may be blank.",
    ),
    doc(
        "TIMEOUT",
        "Reading took longer than a page or a document may take.",
        "`ocr.page_seconds` and `ocr.document_seconds` raise the limits.",
    ),
    doc(
        "TOO_DEEP",
        "Mails or archives lie within each other more deeply than anybody packs them.",
        "Take out the invoice and send in that.",
    ),
    doc(
        "TOO_LARGE_UNPACKED",
        "The parts of a mail or an archive are larger than a file may be.",
        "Send in the invoices one by one.",
    ),
    doc(
        "TOO_MANY_PAGES",
        "The document has more pages than the limit.",
        "Split it.",
    ),
    doc(
        "TOO_MANY_PARTS",
        "A mail or an archive has more parts than a day's post.",
        "Send in the invoices one by one.",
    ),
    doc(
        "TOO_MUCH_TEXT",
        "The document has more text than an invoice can have; reading it would take the memory of all others.",
        "Look whether it is an invoice at all; if so, split it or send it as an e-invoice.",
    ),
    doc(
        "UNKNOWN_SCHEMA",
        "A line on standard input was written by another major version of vouch.",
        "Use the same version in the whole pipe.",
    ),
    doc(
        "UNSUPPORTED_TYPE",
        "The file is nothing that vouch reads, whatever its name says.",
        "`vouch formats` lists what is read.",
    ),
    doc(
        "WORKER_FAILED",
        "A reading process could not be started.",
        "The system may be out of processes or memory; the next run tries again.",
    ),
];

#[cfg(test)]
mod tests {
    use super::FAILURES;

    #[test]
    fn codes_are_sorted_and_told_from_rules() {
        assert!(FAILURES.windows(2).all(|pair| pair[0].code < pair[1].code));
        assert!(
            FAILURES
                .iter()
                .all(|failure| crate::rules::explain(failure.code).is_none())
        );
    }
}
