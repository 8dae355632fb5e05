//! What the journal knows of other documents: duplicates and a vendor's history.
//!
//! Keys are reserved inside the write transaction in which the document is judged, so two workers cannot both pass.

use rusqlite::{OptionalExtension, params};

use super::Writer;
use crate::model::{Amount, Decimal, DocId, Document, Earlier, Past, Questions, VendorPast};

/// How many of a vendor's invoices make up its average: the latest ones, so that a long history costs no more than a short one.
const HISTORY: i64 = 100;

impl Writer<'_> {
    /// Answers a stage's questions about other documents and reserves the document's own keys.
    ///
    /// # Errors
    /// If the journal cannot be read or written.
    pub fn ask(&self, id: &DocId, path: &str, questions: &Questions) -> rusqlite::Result<Past> {
        let mut duplicates = Vec::new();
        for key in &questions.duplicate_keys {
            let own = self.reserve(id, path, key)?;
            let mut statement = self.tx.prepare_cached(
                "SELECT r.doc, r.path FROM reservation r LEFT JOIN document d ON d.id = r.doc
                 WHERE r.key = ?1 AND r.seq < ?2 AND coalesce(d.status, '') NOT IN ('rejected', 'error', 'set_aside')
                 ORDER BY r.seq",
            )?;
            let mut rows = statement.query(params![key, own])?;
            while let Some(row) = rows.next()? {
                let earlier = Earlier {
                    id: DocId::from_text(row.get::<_, String>(0)?),
                    path: row.get(1)?,
                    key: key.clone(),
                };
                if !duplicates
                    .iter()
                    .any(|known: &Earlier| known.id == earlier.id)
                {
                    duplicates.push(earlier);
                }
            }
        }
        let vendor = match &questions.vendor {
            Some((vendor, currency)) => self.vendor_past(id, vendor, currency)?,
            None => None,
        };
        Ok(Past {
            journal: self.keeps,
            duplicates,
            vendor,
        })
    }

    fn reserve(&self, id: &DocId, path: &str, key: &str) -> rusqlite::Result<i64> {
        let known = self
            .tx
            .prepare_cached("SELECT seq FROM reservation WHERE key = ?1 AND doc = ?2")?
            .query_row(params![key, id.as_str()], |row| row.get(0))
            .optional()?;
        if let Some(seq) = known {
            return Ok(seq);
        }
        let seq: i64 = self
            .tx
            .prepare_cached("SELECT coalesce(max(seq), 0) + 1 FROM reservation WHERE key = ?1")?
            .query_row([key], |row| row.get(0))?;
        self.tx
            .prepare_cached(
                "INSERT INTO reservation (key, doc, path, seq) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![key, id.as_str(), path, seq])?;
        Ok(seq)
    }

    fn vendor_past(
        &self,
        id: &DocId,
        vendor: &str,
        currency: &str,
    ) -> rusqlite::Result<Option<VendorPast>> {
        let mut statement = self.tx.prepare_cached(
            // An account is known once money went there: nobody's batch makes its own new account a known one.
            "SELECT h.total, CASE WHEN d.status = 'processed' THEN h.iban END
             FROM history h LEFT JOIN document d ON d.id = h.doc WHERE h.vendor = ?1 AND h.currency = ?2
             AND h.seq < coalesce((SELECT seq FROM history WHERE doc = ?3), 9223372036854775807)
             ORDER BY h.seq DESC LIMIT ?4",
        )?;
        let mut rows = statement.query(params![vendor, currency, id.as_str(), HISTORY])?;
        let (mut sum, mut count, mut ibans) = (Decimal::ZERO, 0_u64, Vec::new());
        while let Some(row) = rows.next()? {
            let total: Amount = row.get::<_, String>(0)?.parse().unwrap_or_default();
            sum += total.decimal();
            count += 1;
            if let Some(iban) = row.get::<_, Option<String>>(1)?
                && !ibans.contains(&iban)
            {
                ibans.push(iban);
            }
        }
        ibans.reverse();
        Ok((count > 0).then(|| {
            // To a hundredth of the smallest unit in use: an average is compared, never paid.
            let average = (sum / Decimal::from(count)).round_dp(4);
            VendorPast {
                count,
                average: Amount(average),
                ibans,
            }
        }))
    }

    /// Adds a valid invoice to its vendor's history.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub fn remember(&self, document: &Document, questions: &Questions) -> rusqlite::Result<()> {
        let valid = document
            .validation
            .as_ref()
            .and_then(|validation| validation.valid)
            == Some(true);
        let (Some((vendor, currency)), Some(invoice), true) =
            (&questions.vendor, &document.invoice, valid)
        else {
            return Ok(());
        };
        let Some(total) = invoice.total.get() else {
            return Ok(());
        };
        self.tx
            .prepare_cached(
                "INSERT INTO history (doc, vendor, currency, total, iban) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (doc) DO NOTHING",
            )?
            .execute(params![document.id.as_str(), vendor, currency, total.to_string(), invoice.iban.text()])?;
        Ok(())
    }
}
