//! The only loop: lines, order, threads, journal, progress.
