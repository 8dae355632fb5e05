//! Handles of the library, one a language, and where their files lie.

use std::path::Path;

use leptess::tesseract::TessApi;

/// A handle with our settings; `None` if the language is not there.
pub(super) fn handle(language: &str, data: Option<&str>) -> Option<TessApi> {
    #[expect(unsafe_code, reason = "the binding has no safe call for it")]
    // SAFETY: the function takes a number and sets a variable of the library.
    unsafe {
        // Leptonica complains on stderr about specks of no size, which is no news to anybody.
        leptess::capi::setMsgSeverity(leptess::capi::L_SEVERITY_NONE.cast_signed());
    }
    let mut api = TessApi::new(data, language).ok()?;
    for (name, value) in [
        // Light print on dark ground is rare on invoices, and looking for it costs a tenth of the time.
        (c"tessedit_do_invert", c"0"),
        // Its remarks about pages are no use to anybody.
        (c"debug_file", c"/dev/null"),
    ] {
        api.raw.set_variable(name, value).ok()?;
    }
    Some(api)
}

/// Whether the file of a language lies where Tesseract looks for it. Asking Tesseract itself would load it, which takes
/// longer than reading a page in it, and would print a complaint.
pub(super) fn installed(language: &str, data: Option<&str>) -> bool {
    #[expect(
        clippy::disallowed_methods,
        reason = "Tesseract itself looks into this variable"
    )]
    let named = std::env::var("TESSDATA_PREFIX").ok();
    let file = format!("{language}.traineddata");
    match data.map(str::to_owned).or(named) {
        Some(folder) => Path::new(&folder).join(file).is_file(),
        None => FOLDERS
            .iter()
            .any(|folder| Path::new(folder).join(&file).is_file()),
    }
}

/// Where distributions put language files.
const FOLDERS: [&str; 5] = [
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
    "/usr/share/tesseract/tessdata",
];
