//! An engine that is opened by the first page that needs it: most documents have a text layer.

use crate::stage::{Engine, Pixels, Recognised, StageError};

/// Opens the engine of this build when the first page is read.
pub struct Lazy {
    languages: Vec<String>,
    data: Option<String>,
    opened: Option<Box<dyn Engine>>,
}

impl Lazy {
    /// For languages written as Tesseract writes them: `eng+deu`.
    pub fn new(languages: &str, data: Option<String>) -> Self {
        let languages = languages
            .split('+')
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect();
        Self {
            languages,
            data,
            opened: None,
        }
    }

    fn engine(&mut self) -> Result<&mut dyn Engine, StageError> {
        if self.opened.is_none() {
            let languages: Vec<&str> = self.languages.iter().map(String::as_str).collect();
            self.opened = Some(super::open(&languages, self.data.as_deref())?);
        }
        match &mut self.opened {
            Some(engine) => Ok(&mut **engine),
            None => Err(StageError::internal("an engine that was opened is gone")),
        }
    }

    /// Opens it, and tells its name, version and languages.
    ///
    /// # Errors
    /// `OCR_UNAVAILABLE` if there is none, or not all languages are there.
    pub fn check(&mut self) -> Result<String, StageError> {
        let asked = self.languages.join("+");
        let engine = self.engine()?;
        let (name, version) = engine.version();
        let found = engine.languages();
        if found == asked {
            Ok(format!("{name} {version} with {found}"))
        } else {
            Err(StageError::dependency(
                "OCR_UNAVAILABLE",
                format!(
                    "{name} {version} has {found} of the languages {asked} (Debian: tesseract-ocr-LANG)"
                ),
            ))
        }
    }
}

impl Engine for Lazy {
    fn version(&self) -> (String, String) {
        self.opened
            .as_ref()
            .map(|engine| engine.version())
            .unwrap_or_default()
    }

    fn languages(&self) -> String {
        self.opened
            .as_ref()
            .map_or_else(|| self.languages.join("+"), |engine| engine.languages())
    }

    fn read(&mut self, page: &Pixels) -> Result<Recognised, StageError> {
        self.engine()?.read(page)
    }
}
