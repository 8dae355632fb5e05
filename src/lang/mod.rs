//! Vocabularies as data: what a language calls the fields of an invoice, and how it writes numbers and dates.
