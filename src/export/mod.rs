//! Documents to bytes of a format that accounting reads.
