//! The vendor file: who may be paid, under which names, VAT ids and bank accounts.
//!
//! One row a vendor: `vendor_id,name,aliases,vat_ids,ibans,approved`; lists are separated by `|`. Two vendors that share an id,
//! a VAT id or a bank account make a match ambiguous, so such a file is refused rather than guessed at. Two that share
//! a name are possible in life: that name then matches neither.

use std::collections::BTreeMap;

use crate::model::{
    Confidence, Digest, Invoice, MatchMethod, RunnerUp, VendorMatch, compact, fold,
};

/// The columns, in the order in which messages name them.
const COLUMNS: [&str; 6] = [
    "vendor_id",
    "name",
    "aliases",
    "vat_ids",
    "ibans",
    "approved",
];

/// A vendor of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vendor {
    /// Its id.
    pub vendor_id: String,
    /// Its name.
    pub name: String,
    /// Bank accounts, without spaces.
    pub ibans: Vec<String>,
    /// Whether it may be paid.
    pub approved: bool,
}

/// The vendor file, indexed.
#[derive(Debug)]
pub struct Vendors {
    rows: Vec<Vendor>,
    vat_ids: BTreeMap<String, usize>,
    ibans: BTreeMap<String, usize>,
    /// `None` where several vendors share the name.
    names: BTreeMap<String, Option<usize>>,
    aliases: BTreeMap<String, Option<usize>>,
    digest: Digest,
}

/// Why a vendor file is refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VendorsError {
    /// Not CSV, or not UTF-8.
    #[error("line {line}: not readable as CSV")]
    Csv {
        /// Line of the file, from 1.
        line: u64,
        /// What is wrong.
        #[source]
        source: csv::Error,
    },
    /// A column that nobody reads.
    #[error("line 1: unknown column `{0}`; known are {known}", known = COLUMNS.join(", "))]
    UnknownColumn(String),
    /// A column that has to be there, or is there twice.
    #[error("line 1: column `{0}` has to be there once")]
    Column(&'static str),
    /// A cell that may not be empty.
    #[error("line {line}: `{column}` is empty")]
    Empty {
        /// Line of the file, from 1.
        line: u64,
        /// Its column.
        column: &'static str,
    },
    /// Neither yes nor no.
    #[error("line {line}: `approved` is `{value}`; write `yes` or `no`")]
    Approved {
        /// Line of the file, from 1.
        line: u64,
        /// The cell.
        value: String,
    },
    /// Two vendors share what can belong to one only.
    #[error("line {line}: {column} `{value}` already stands on line {first}")]
    Shared {
        /// Line of the file, from 1.
        line: u64,
        /// What they share.
        column: &'static str,
        /// The value.
        value: String,
        /// The line that has it first.
        first: u64,
    },
}

impl Vendors {
    /// Reads the file.
    ///
    /// # Errors
    /// If it is not CSV with these columns, or two vendors share an id, a VAT id or a bank account; names the line.
    pub fn parse(bytes: &[u8]) -> Result<Self, VendorsError> {
        let digest = Digest::of(bytes);
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_reader(bytes);
        let headers = reader.headers().map_err(|source| at(1, source))?.clone();
        if let Some(unknown) = headers.iter().find(|name| !COLUMNS.contains(name)) {
            return Err(VendorsError::UnknownColumn(unknown.to_owned()));
        }
        for column in COLUMNS {
            let times = headers.iter().filter(|&name| name == column).count();
            let needed = matches!(column, "vendor_id" | "name");
            if times > 1 || (needed && times == 0) {
                return Err(VendorsError::Column(column));
            }
        }
        let mut file = Self {
            rows: Vec::new(),
            vat_ids: BTreeMap::new(),
            ibans: BTreeMap::new(),
            names: BTreeMap::new(),
            aliases: BTreeMap::new(),
            digest,
        };
        let mut lines = Vec::new();
        let mut ids = BTreeMap::new();
        for record in reader.records() {
            let record = record.map_err(|source| {
                let line = source.position().map_or(0, csv::Position::line);
                at(line, source)
            })?;
            let line = line(bytes, record.position());
            let row = Row {
                headers: &headers,
                record: &record,
                line,
            };
            file.add(&row, &mut ids, &mut lines)?;
        }
        Ok(file)
    }

    fn add(
        &mut self,
        row: &Row<'_>,
        ids: &mut BTreeMap<String, usize>,
        lines: &mut Vec<u64>,
    ) -> Result<(), VendorsError> {
        let index = self.rows.len();
        lines.push(row.line);
        let vendor_id = row.needed("vendor_id")?;
        let name = row.needed("name")?;
        own(ids, vendor_id.clone(), index, "vendor_id", lines)?;
        for vat_id in row.list("vat_ids") {
            own(&mut self.vat_ids, compact(vat_id), index, "VAT id", lines)?;
        }
        let ibans: Vec<String> = row.list("ibans").map(compact).collect();
        for iban in &ibans {
            own(&mut self.ibans, iban.clone(), index, "IBAN", lines)?;
        }
        share(&mut self.names, fold(&name), index);
        for alias in row.list("aliases") {
            share(&mut self.aliases, fold(alias), index);
        }
        let approved = match row.cell("approved").to_lowercase().as_str() {
            "yes" | "true" | "1" => true,
            "no" | "false" | "0" | "" => false,
            _ => {
                return Err(VendorsError::Approved {
                    line: row.line,
                    value: row.cell("approved").to_owned(),
                });
            }
        };
        self.rows.push(Vendor {
            vendor_id,
            name,
            ibans,
            approved,
        });
        Ok(())
    }

    /// Digest of the file's bytes.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// All vendors, in the file's order.
    pub fn iter(&self) -> impl Iterator<Item = &Vendor> {
        self.rows.iter()
    }

    /// The vendor of an invoice: by VAT id, then bank account, then name, then alias.
    ///
    /// Where a later mark leads to another vendor, that one is named as `runner_up`: marks that contradict each other are for
    /// a person.
    pub fn find(&self, invoice: &Invoice) -> Option<VendorMatch> {
        let accounts = invoice.payment.value().map(|payment| &payment.accounts);
        let printed = accounts.into_iter().flatten().map(|account| &account.iban);
        let mut ibans = std::iter::once(&invoice.iban)
            .chain(printed)
            .filter_map(|iban| iban.text());
        let named = |index: &BTreeMap<String, Option<usize>>| {
            [&invoice.vendor_name, &invoice.vendor_trading_name]
                .into_iter()
                .filter_map(|name| name.text())
                .find_map(|name| index.get(&fold(name)).copied().flatten())
        };
        let vat = invoice.vendor_vat.text().and_then(|id| self.by_vat(id));
        let iban = ibans.find_map(|iban| self.ibans.get(&compact(iban)).copied());
        let mut marks = [
            (vat, MatchMethod::Vat, 1.0),
            (iban, MatchMethod::Iban, 0.95),
            (named(&self.names), MatchMethod::Exact, 0.9),
            (named(&self.aliases), MatchMethod::Alias, 0.85),
        ]
        .into_iter()
        .filter_map(|(index, method, score)| Some((index?, method, Confidence(score))));
        let (index, method, score) = marks.next()?;
        let runner_up = marks.find(|(other, ..)| *other != index);
        let vendor = &self.rows[index];
        Some(VendorMatch {
            vendor_id: Some(vendor.vendor_id.clone()),
            name: Some(vendor.name.clone()),
            match_method: Some(method),
            match_score: Some(score),
            runner_up: runner_up.map(|(other, _, score)| RunnerUp {
                vendor_id: self.rows[other].vendor_id.clone(),
                score: Some(score),
            }),
            approved: Some(vendor.approved),
            ibans: vendor.ibans.clone(),
            ..VendorMatch::default()
        })
    }

    /// By VAT id; a number without its country prefix counts if one vendor only has it.
    fn by_vat(&self, vat_id: &str) -> Option<usize> {
        let wanted = compact(vat_id);
        if let Some(&index) = self.vat_ids.get(&wanted) {
            return Some(index);
        }
        if wanted.len() < 7 || !wanted.starts_with(|first: char| first.is_ascii_digit()) {
            return None;
        }
        let mut found = self
            .vat_ids
            .iter()
            .filter(|(id, _)| id.get(2..) == Some(&wanted));
        let (_, &index) = found.next()?;
        found.all(|(_, &other)| other == index).then_some(index)
    }
}

struct Row<'a> {
    headers: &'a csv::StringRecord,
    record: &'a csv::StringRecord,
    line: u64,
}

impl<'a> Row<'a> {
    fn cell(&self, column: &str) -> &'a str {
        self.headers
            .iter()
            .position(|name| name == column)
            .and_then(|place| self.record.get(place))
            .unwrap_or_default()
    }

    fn needed(&self, column: &'static str) -> Result<String, VendorsError> {
        match self.cell(column) {
            "" => Err(VendorsError::Empty {
                line: self.line,
                column,
            }),
            cell => Ok(cell.to_owned()),
        }
    }

    fn list(&self, column: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        self.cell(column)
            .split('|')
            .map(str::trim)
            .filter(|item| !compact(item).is_empty())
    }
}

/// Enters what belongs to one vendor only.
fn own(
    index: &mut BTreeMap<String, usize>,
    value: String,
    vendor: usize,
    column: &'static str,
    lines: &[u64],
) -> Result<(), VendorsError> {
    match index.get(&value) {
        Some(&first) if first != vendor || column == "vendor_id" => Err(VendorsError::Shared {
            line: lines[vendor],
            column,
            value,
            first: lines[first],
        }),
        _ => {
            index.insert(value, vendor);
            Ok(())
        }
    }
}

/// Enters what several may have: then it tells nothing.
fn share(index: &mut BTreeMap<String, Option<usize>>, name: String, vendor: usize) {
    if !name.is_empty() {
        index
            .entry(name)
            .and_modify(|known| {
                if *known != Some(vendor) {
                    *known = None;
                }
            })
            .or_insert(Some(vendor));
    }
}

/// The line a record stands on: the reader's own count begins before blank lines.
fn line(bytes: &[u8], position: Option<&csv::Position>) -> u64 {
    position.map_or(0, |position| {
        let rest = bytes.get(position.byte() as usize..).unwrap_or_default();
        let blank = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
        position.line() + blank.filter(|byte| **byte == b'\n').count() as u64
    })
}

fn at(line: u64, source: csv::Error) -> VendorsError {
    VendorsError::Csv { line, source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_would_make_matches_ambiguous_is_refused() {
        for (file, says) in [
            (
                "vendor_id,name,vat\nV1,A,1\n",
                "unknown column `vat`; known are vendor_id",
            ),
            ("name\nA\n", "line 1: column `vendor_id`"),
            ("vendor_id,name,name\nV1,A,B\n", "line 1: column `name`"),
            (
                "vendor_id,name\nV1,A\nV1,B\n",
                "line 3: vendor_id `V1` already stands on line 2",
            ),
            (
                "vendor_id,name,vat_ids\nV1,A,DE 1\nV2,B,X2|DE1\n",
                "line 3: VAT id `DE1` already stands on line 2",
            ),
            (
                "vendor_id,name,ibans\nV1,A,DE1\n\nV2,B,DE1\n",
                "line 4: IBAN `DE1` already stands on line 2",
            ),
            ("vendor_id,name\nV1,\n", "line 2: `name` is empty"),
            (
                "vendor_id,name,approved\nV1,A,maybe\n",
                "line 2: `approved` is `maybe`",
            ),
            ("vendor_id,name\nV1,A,B\n", "line 2: not readable"),
        ] {
            let error = Vendors::parse(file.as_bytes()).expect_err(file).to_string();
            assert!(error.contains(says), "{file}: {error}");
        }
    }

    #[test]
    fn a_name_that_two_vendors_have_matches_neither() {
        let file = "\u{feff}vendor_id,name,aliases\nV1,Smith,S\nV2,SMITH,T\nV3,Other,T|Other\n";
        let vendors = Vendors::parse(file.as_bytes()).expect("reads");
        let find = |name: &str| {
            let invoice = Invoice {
                vendor_name: name.to_owned().into(),
                ..Invoice::default()
            };
            vendors.find(&invoice).and_then(|found| found.vendor_id)
        };
        assert_eq!(find("Smith"), None);
        assert_eq!(find("T"), None);
        assert_eq!(find("other").as_deref(), Some("V3"));
        assert_eq!(find("S").as_deref(), Some("V1"));
    }
}
