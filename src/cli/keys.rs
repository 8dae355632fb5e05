//! The settings outside the policy: one table, from which help, `config keys` and the checks follow.

/// A setting: its key, its default and what it is for.
pub(crate) struct Key {
    /// Key in the file, dotted; the variable is `VOUCH_` and the key in capitals with `_` for `.`.
    pub(crate) name: &'static str,
    /// What holds if nobody says otherwise.
    pub(crate) default: &'static str,
    /// What it is for.
    pub(crate) doc: &'static str,
}

/// All settings outside the policy.
pub(crate) const KEYS: &[Key] = &[
    Key {
        name: "extract.min_confidence",
        default: "",
        doc: "confidence of a key field below which a person looks, 0 to 1; empty: `min_field_confidence` of the policy",
    },
    Key {
        name: "jobs",
        default: "",
        doc: "documents worked on at once; empty: one a processor",
    },
    Key {
        name: "journal",
        default: "",
        doc: "the journal; empty: the user's state folder for `run`, none for a pipe",
    },
    Key {
        name: "log.format",
        default: "text",
        doc: "how the log is written: json or text",
    },
    Key {
        name: "log.level",
        default: "warn",
        doc: "off, error, warn, info or debug",
    },
    Key {
        name: "ocr.document_seconds",
        default: "300",
        doc: "longest time a document may take to be read",
    },
    Key {
        name: "ocr.languages",
        default: "eng+deu+fra+spa+ita+nld+pol+por",
        doc: "languages of scans, as Tesseract names them: the first reads every page, the others those that turn out to be in them",
    },
    Key {
        name: "ocr.max_size",
        default: "10MB",
        doc: "largest file",
    },
    Key {
        name: "ocr.memory",
        default: "2GB",
        doc: "most memory a reading process may have",
    },
    Key {
        name: "ocr.min_mean_confidence",
        default: "",
        doc: "mean confidence of a scan below which a person looks, 0 to 1; empty: `min_mean_confidence` of the policy",
    },
    Key {
        name: "ocr.min_word_confidence",
        default: "",
        doc: "confidence of the worst word of a key field below which a person looks, 0 to 1; empty: `min_word_confidence` of the policy",
    },
    Key {
        name: "ocr.page_seconds",
        default: "30",
        doc: "longest time a page may take to be read",
    },
    Key {
        name: "ocr.tables",
        default: "true",
        doc: "whether tables and pairs of label and value are looked for: true or false",
    },
    Key {
        name: "ocr_confidence_threshold",
        default: "",
        doc: "mean confidence of a scan below which, with neither number nor total found, it is not worked on, 0 to 1; empty: that of the policy",
    },
    Key {
        name: "reference",
        default: "./reference",
        doc: "folder of the reference data",
    },
];
