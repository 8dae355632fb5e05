//! Everything that needs more than one module, or the program itself.

mod architecture;
mod drive;
mod fixtures;
