//! Words from pixels: the engines behind [`crate::stage::Engine`].
