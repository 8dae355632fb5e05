//! Every rule on documents that pass and documents that fail.
