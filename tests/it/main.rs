//! Everything that needs more than one module, or the program itself.

mod architecture;
mod containers;
mod drift;
mod drive;
mod exactly_once;
mod expected;
mod fixtures;
mod help;
#[expect(
    clippy::disallowed_methods,
    reason = "the test asks what this user may open at all"
)]
mod hostile;
mod logs;
mod people;
mod pipes;
#[expect(
    clippy::disallowed_methods,
    reason = "the tests write files and start the program; no rule of the program's own binds them"
)]
mod sandbox;
mod strict;
