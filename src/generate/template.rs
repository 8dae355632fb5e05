//! Layouts as data: where the blocks of a page lie and how they look. A new layout is a new file and a line in [`FILES`].
//!
//! Lengths are millimetres, sizes of letters points. Blocks are set from top to bottom, each below what is there already unless
//! it has a place of its own.

use std::sync::LazyLock;

use serde::Deserialize;

/// What a layout is for: to learn from, or to judge by layouts that nothing was learnt from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Split {
    /// To learn from.
    Train,
    /// To judge by.
    Test,
}

/// A layout, as `layouts/*.toml` has it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    /// Its name, that of its file.
    #[serde(skip)]
    pub name: &'static str,
    /// To learn from or to judge by.
    pub split: Split,
    #[serde(default)]
    pub(super) paper: Paper,
    #[serde(default)]
    pub(super) font: Font,
    #[serde(default = "nine")]
    pub(super) size: f32,
    /// Colour of names, titles and filled bars: red, green, blue.
    #[serde(default)]
    pub(super) accent: [u8; 3],
    /// Left, top, right, bottom; the foot lies in the bottom one.
    pub(super) margin: [f32; 4],
    /// Which of the language's forms of dates.
    #[serde(default)]
    pub(super) date: usize,
    #[serde(default)]
    pub(super) money: MoneyForm,
    #[serde(default = "yes")]
    pub(super) grouped: bool,
    /// A colon behind labels that stand left of their values.
    #[serde(default)]
    pub(super) colon: bool,
    /// Amounts of the lines include VAT.
    #[serde(default)]
    pub(super) gross: bool,
    /// Sums are carried from page to page.
    #[serde(default)]
    pub(super) carry: bool,
    /// Fewest and most lines of an invented invoice.
    #[serde(default = "few")]
    pub(super) lines: [u64; 2],
    /// What it is used for, each as likely.
    #[serde(default = "invoices")]
    pub(super) kinds: Vec<Kind>,
    pub(super) block: Vec<Block>,
    #[serde(default)]
    pub(super) foot: Vec<Block>,
}

fn nine() -> f32 {
    9.0
}
fn yes() -> bool {
    true
}
fn few() -> [u64; 2] {
    [1, 6]
}
fn invoices() -> Vec<Kind> {
    vec![Kind::Invoice]
}

/// What kind of document is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// An invoice.
    Invoice,
    /// A credit note for an invoice.
    Credit,
    /// An invoice of which a part is paid.
    Prepaid,
    /// A receipt of a till.
    Receipt,
}

/// The sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Paper {
    #[default]
    A4,
    /// US letter.
    Letter,
    /// A till's roll, 80 mm wide and as long as it has to be.
    Roll,
}

/// The letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Font {
    #[default]
    Sans,
    Serif,
    Mono,
}

/// How amounts name their currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum MoneyForm {
    Bare,
    #[default]
    SignAfter,
    SignBefore,
    CodeAfter,
    CodeBefore,
}

/// What a block shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum What {
    /// Facts of the seller.
    Vendor,
    /// Facts of the buyer.
    Buyer,
    /// What the document is called.
    Title,
    /// Numbers and dates.
    Meta,
    /// A sentence.
    Text,
    /// The lines.
    Table,
    /// The sums.
    Totals,
    /// The VAT of each rate.
    Rates,
    /// A coloured mark without letters.
    Logo,
    /// A line across.
    Rule,
    /// A coloured bar.
    Bar,
    /// The number of the page.
    Page,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Align {
    #[default]
    Left,
    Centre,
    Right,
}

/// How labels and values, or lines and sums, are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Style {
    /// Below each other; labels left of their values.
    #[default]
    Plain,
    /// Values at the right end.
    Ends,
    /// Labels above their values, pairs below each other.
    Above,
    /// Labels in a row, values in the row below.
    Columns,
    /// As columns, each pair in a box.
    Cells,
    /// All in one run of text.
    Run,
    /// Lines between the rows.
    Ruled,
    /// Lines around every cell.
    Grid,
    /// Every other row shaded.
    Zebra,
    /// One box around it.
    Boxed,
    /// The last row white on colour.
    Filled,
    /// Two rows an item: what it is, then how many at which price.
    Stacked,
}

/// The head of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Head {
    #[default]
    Rule,
    Fill,
    Grey,
    Plain,
    None,
}

/// A block.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Block {
    pub(super) what: What,
    /// From the left edge of the sheet; the left margin where it is missing.
    pub(super) x: Option<f32>,
    /// From the top edge of the sheet, or of the foot.
    pub(super) y: Option<f32>,
    /// Up to the right margin where it is missing.
    pub(super) w: Option<f32>,
    /// Space above.
    #[serde(default = "gap")]
    pub(super) gap: f32,
    /// On the height of the block before.
    #[serde(default)]
    pub(super) beside: bool,
    #[serde(default)]
    pub(super) align: Align,
    pub(super) size: Option<f32>,
    #[serde(default)]
    pub(super) bold: bool,
    /// In the layout's colour.
    #[serde(default)]
    pub(super) colour: bool,
    /// With a label above it.
    #[serde(default)]
    pub(super) label: bool,
    /// A frame around it.
    #[serde(default)]
    pub(super) frame: bool,
    #[serde(default)]
    pub(super) show: Vec<String>,
    #[serde(default)]
    pub(super) style: Style,
    #[serde(default)]
    pub(super) head: Head,
    /// Columns of a table with their widths; 0 takes what is left.
    #[serde(default)]
    pub(super) columns: Vec<(String, f32)>,
    /// Width of the labels.
    pub(super) labels: Option<f32>,
    /// Between the facts of a run.
    pub(super) between: Option<String>,
}

fn gap() -> f32 {
    4.0
}

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("layouts/", $name, ".toml")))),*]
    };
}

/// The files of the layouts, sorted.
const FILES: &[(&str, &str)] = files![
    "accounting-suite",
    "columns-meta",
    "compact-run",
    "dunning",
    "freelancer",
    "grid-form",
    "hotel-side",
    "label-above",
    "logo-only",
    "neat",
    "receipt-till",
    "service-dates",
    "table-totals",
    "test-banner",
    "test-gross",
    "test-letter",
    "test-pages",
    "test-receipt",
    "test-sheet",
    "test-stacked-header",
    "test-statement",
    "test-sums-left",
    "two-column",
    "us-letter",
    "wholesale-carry",
    "window-left",
];

static LAYOUTS: LazyLock<Vec<Layout>> = LazyLock::new(|| {
    FILES
        .iter()
        .map(|(name, text)| {
            let layout: Layout =
                toml::from_str(text).expect("the layouts parse, a test reads each");
            Layout { name, ..layout }
        })
        .collect()
});

/// Every layout, sorted by name.
pub fn layouts() -> &'static [Layout] {
    &LAYOUTS
}
