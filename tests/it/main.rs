//! Everything that needs more than one module, or the program itself.

mod drive;
mod fixtures;
