//! Where a value was read.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::field::part;

/// A box on a page, written `[x0,y0,x1,y1]`: points, origin top left.
#[derive(Clone, Copy, PartialEq, Debug, Default, JsonSchema)]
#[schemars(with = "[f64; 4]")]
pub struct Rect {
    /// Left.
    pub x0: f64,
    /// Top.
    pub y0: f64,
    /// Right.
    pub x1: f64,
    /// Bottom.
    pub y1: f64,
}

impl Rect {
    /// The four edges, rounded to a hundredth of a point as they leave the program.
    pub fn rounded(self) -> [f64; 4] {
        [self.x0, self.y0, self.x1, self.y1].map(|edge| (edge * 100.0).round() / 100.0)
    }

    /// The smallest box around both.
    #[must_use]
    pub fn union(self, other: Rect) -> Rect {
        Rect {
            x0: self.x0.min(other.x0),
            y0: self.y0.min(other.y0),
            x1: self.x1.max(other.x1),
            y1: self.y1.max(other.y1),
        }
    }

    /// Width.
    pub fn width(self) -> f64 {
        self.x1 - self.x0
    }

    /// Height.
    pub fn height(self) -> f64 {
        self.y1 - self.y0
    }

    /// Horizontal middle.
    pub fn center_x(self) -> f64 {
        f64::midpoint(self.x0, self.x1)
    }

    /// Vertical middle.
    pub fn center_y(self) -> f64 {
        f64::midpoint(self.y0, self.y1)
    }
}

impl Serialize for Rect {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.rounded().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Rect {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let [x0, y0, x1, y1] = <[f64; 4]>::deserialize(deserializer)?;
        Ok(Self { x0, y0, x1, y1 })
    }
}

/// How a value was come by.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// From a structured invoice.
    Xml,
    /// From a payment code.
    Qr,
    /// From a text layer.
    PdfText,
    /// From pixels.
    Ocr,
    /// From a learned layout.
    Template,
    /// Derived by arithmetic from values that were read; `text` names the operands.
    Solver,
    /// Completed from the vendor's master data.
    VendorMaster,
    /// Proposed by a language model and found in the text.
    Llm,
    /// Entered by a person.
    Human,
}

part! {
    /// Where a value was read, and how sure that is.
    #[serde(deny_unknown_fields)]
    pub struct Evidence {
        /// Page, from 1; absent for structured input.
        pub page: Option<u32>,
        /// Box on the page.
        pub bbox: Option<Rect>,
        /// The source's own text; for XML the element's path.
        pub text: Option<String>,
        /// How it was come by.
        pub method: Option<Method>,
        /// 0 to 1.
        pub confidence: Option<Confidence>,
        /// Lowest confidence of the words it was read from, 0 to 1; only of what was recognised from pixels.
        pub read_confidence: Option<f64>,
        /// Other readings that were considered, best first.
        pub alternatives: Vec<Alternative>,
        /// With `--explain`: all readings that were considered, the chosen one first.
        pub considered: Vec<Considered>,
        /// With `--explain`: what the confidence was computed from.
        pub signals: BTreeMap<String, f64>,
    }
}

part! {
    /// A reading and what spoke for it.
    #[serde(deny_unknown_fields)]
    pub struct Considered {
        /// What it is, or would have been.
        pub value: String,
        /// Page, from 1.
        pub page: Option<u32>,
        /// Box on the page.
        pub bbox: Option<Rect>,
        /// What speaks for it, summed.
        pub points: f64,
        /// Each reason and how far it holds, where they are weighed one by one.
        pub reasons: BTreeMap<String, f64>,
    }
}

part! {
    /// A reading that lost; of an e-invoice in a PDF, what the visible page says instead of the XML.
    #[serde(deny_unknown_fields)]
    pub struct Alternative {
        /// What it would have been.
        pub value: String,
        /// Page, from 1.
        pub page: Option<u32>,
        /// Box on the page; where the page is set against the XML.
        pub bbox: Option<Rect>,
        /// How it was come by, where that is another way than the chosen value's.
        pub method: Option<Method>,
        /// 0 to 1.
        pub confidence: Option<Confidence>,
    }
}

/// A probability, written with three decimals at most.
#[derive(Clone, Copy, PartialEq, PartialOrd, Debug, Default, JsonSchema)]
#[schemars(with = "f64")]
pub struct Confidence(pub f64);

impl Serialize for Confidence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64((self.0 * 1000.0).round() / 1000.0)
    }
}

impl<'de> Deserialize<'de> for Confidence {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        f64::deserialize(deserializer).map(Self)
    }
}
