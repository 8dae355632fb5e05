//! What the reference data adds: which vendor it is. Pure, over data handed in.
