//! What was read from the pages, before anything was understood.

use schemars::JsonSchema;
use serde::ser::SerializeTuple;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::evidence::Rect;
use super::field::part;
use super::validation::Severity;

part! {
    /// Pages with their words, and how well they were read.
    #[serde(deny_unknown_fields)]
    pub struct Ocr {
        /// `pdf_text`, `tesseract`, `xml`, or `pdf_text+tesseract` where pages differ.
        pub engine: Option<String>,
        /// Version of the engine.
        pub engine_version: Option<String>,
        /// Languages asked of the engine (`eng+deu`).
        pub lang: Option<String>,
        /// Mean word confidence, 0 to 1; absent where nothing was recognised from pixels.
        pub confidence: Option<f64>,
        /// Lowest word confidence.
        pub confidence_min: Option<f64>,
        /// The pages in order.
        pub pages: Vec<Page>,
        /// Tables found by geometry.
        pub tables: Vec<Table>,
        /// Pairs of label and value.
        pub key_values: Vec<KeyValue>,
        /// Signatures and stamps.
        pub signatures: Vec<Signature>,
        /// What the reader noticed: codes such as `HIDDEN_TEXT`, with a text for people.
        pub warnings: Vec<Warning>,
        /// Payment codes on the pages; they travel from `ocr` to `extract`, which understands them.
        pub codes: Vec<PageCode>,
        /// How an e-invoice keeps the rules of the profile it declares; absent where it declares none that is known.
        pub conformance: Option<Conformance>,
    }
}

part! {
    /// One page.
    #[serde(deny_unknown_fields)]
    pub struct Page {
        /// Number, from 1.
        pub n: u32,
        /// Width in points (1/72 inch).
        pub width: f64,
        /// Height in points.
        pub height: f64,
        /// By how many degrees clockwise the page was turned to read it.
        pub rotation: Option<i32>,
        /// How its words were read: `pdf_text` or `ocr`.
        pub method: Option<PageMethod>,
        /// The page's text in reading order, one line a printed line.
        pub text: Option<String>,
        /// Words with boxes; they travel from `ocr` to `extract`.
        pub words: Vec<Word>,
    }
}

/// How the words of a page were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PageMethod {
    /// From the text layer.
    PdfText,
    /// From pixels.
    Ocr,
}

/// A word with its box, written `[text,x0,y0,x1,y1,confidence]`: points, origin top left.
#[derive(Clone, PartialEq, JsonSchema)]
#[schemars(with = "(String, f64, f64, f64, f64, f64)")]
pub struct Word {
    /// The word.
    pub text: String,
    /// Its box.
    pub rect: Rect,
    /// 0 to 1; 1 from a text layer.
    pub confidence: f64,
}

impl std::fmt::Debug for Word {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Word { … }")
    }
}

impl Serialize for Word {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut tuple = serializer.serialize_tuple(6)?;
        tuple.serialize_element(&self.text)?;
        for value in self.rect.rounded() {
            tuple.serialize_element(&value)?;
        }
        tuple.serialize_element(&((self.confidence * 1000.0).round() / 1000.0))?;
        tuple.end()
    }
}

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (text, x0, y0, x1, y1, confidence) =
            <(String, f64, f64, f64, f64, f64)>::deserialize(deserializer)?;
        Ok(Self {
            text,
            rect: Rect { x0, y0, x1, y1 },
            confidence,
        })
    }
}

part! {
    /// A table: a header and rows of cells.
    #[serde(deny_unknown_fields)]
    pub struct Table {
        /// Page it begins on.
        pub page: u32,
        /// Its box on that page.
        pub bbox: Option<Rect>,
        /// Where it goes on: under a header that is repeated on a later page.
        pub continued: Vec<TablePart>,
        /// What stands over its columns, from left to right.
        pub header: Vec<String>,
        /// Cells, row by row, one for each column, empty where nothing stands.
        pub rows: Vec<Vec<String>>,
        /// Rows, from 0, that only carry a sum from one page to the next.
        pub carried_forward: Vec<u32>,
    }
}

part! {
    /// Where a table goes on.
    #[serde(deny_unknown_fields)]
    pub struct TablePart {
        /// Page.
        pub page: u32,
        /// Box on that page.
        pub bbox: Option<Rect>,
    }
}

part! {
    /// A label and what stands beside or below it.
    #[serde(deny_unknown_fields)]
    pub struct KeyValue {
        /// Page it is on.
        pub page: u32,
        /// The label as printed, without its colon.
        pub key: String,
        /// The value as printed.
        pub value: String,
        /// Where the label stands from its value.
        pub relation: Option<Relation>,
        /// Box of the label.
        pub key_bbox: Option<Rect>,
        /// Box of the value.
        pub value_bbox: Option<Rect>,
    }
}

/// Where a label stands from its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Left of it in the same line.
    Left,
    /// Over it.
    Above,
    /// In the same cell.
    Same,
}

part! {
    /// A signature or a stamp.
    #[serde(deny_unknown_fields)]
    pub struct Signature {
        /// Page it is on.
        pub page: u32,
        /// Its box.
        pub bbox: Option<Rect>,
    }
}

part! {
    /// Something the reader noticed.
    #[serde(deny_unknown_fields)]
    pub struct Warning {
        /// Stable code.
        pub code: String,
        /// For people.
        pub message: String,
        /// Page it is about.
        pub page: Option<u32>,
    }
}

part! {
    /// A payment code on a page.
    #[serde(deny_unknown_fields)]
    pub struct PageCode {
        /// Page, from 1.
        pub page: u32,
        /// Its box.
        pub bbox: Option<Rect>,
        /// What it holds, as it stands there.
        pub text: String,
    }
}

part! {
    /// How an e-invoice keeps the rules of the profile it declares.
    #[serde(deny_unknown_fields)]
    pub struct Conformance {
        /// The profile whose rules ran, such as `XRechnung 3.0`.
        pub profile: String,
        /// How many rules ran.
        pub rules: u32,
        /// The rules that are broken, each once, by their ids.
        pub broken: Vec<BrokenRule>,
    }
}

part! {
    /// A rule of a profile that an e-invoice breaks.
    #[serde(deny_unknown_fields)]
    pub struct BrokenRule {
        /// Its id, as its authority writes it, such as `BR-CO-15`.
        pub rule: String,
        /// How grave its authority holds it.
        pub severity: Option<Severity>,
        /// The first place in business terms, rows counted from 0, such as `BG-25[2]/BT-151`.
        pub path: Option<String>,
        /// What the rule asks, in its authority's words.
        pub message: String,
        /// What the rule came to, where it reckons.
        pub expected: Option<String>,
        /// What the e-invoice says instead.
        pub actual: Option<String>,
        /// In how many places it is broken.
        pub times: u32,
    }
}
