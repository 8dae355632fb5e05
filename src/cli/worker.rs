//! The hidden verb of the reading processes, and how they are started.

use std::ffi::OsString;

use super::args::Intake;
use super::settings::{Settings, from_environment};
use crate::drive::worker::{Pool, Program, ReadLimits, serve};
use crate::input;
use crate::layout;
use crate::model::Digest;
use crate::ocr;
use crate::stage::StageId;
use crate::ui::{Exit, Failure};

/// What reading is known by: raise the version when the same file gives other words.
pub(crate) const OCR: StageId = StageId {
    name: "ocr",
    version: 3,
};

/// Reads documents for another vouch process.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Languages of scans.
    #[arg(long)]
    languages: String,
    /// Most bytes of memory.
    #[arg(long)]
    memory: u64,
    /// Largest document within a container, in bytes.
    #[arg(long)]
    max_part: usize,
    /// Look for no tables and pairs of label and value.
    #[arg(long)]
    no_tables: bool,
}

/// Serves until the input ends.
///
/// # Errors
/// If the other process went away.
pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let mut engine = ocr::Lazy::new(&args.languages, from_environment("TESSDATA_PREFIX"));
    serve(args.memory, &mut |id, bytes, page| {
        let mut context = input::Context {
            max_part: args.max_part,
            id,
            engine: Some(&mut engine),
            page,
        };
        let mut documents = input::read(bytes, &mut context);
        if !args.no_tables {
            for ocr in documents
                .iter_mut()
                .flatten()
                .filter_map(|document| document.ocr.as_mut())
            {
                layout::describe(ocr);
            }
        }
        documents
    })
    .map(|()| Exit::Done)
    .map_err(|error| Failure::new(Exit::Bug, &error))
}

/// The pool of reading processes as the settings and the verb's own flags ask for it.
///
/// # Errors
/// If a setting makes no sense.
pub(crate) fn pool(settings: &Settings, intake: Option<&Intake>) -> Result<Pool, Failure> {
    let no_tables =
        intake.is_some_and(|intake| intake.no_tables) || settings.text("ocr.tables") == "false";
    let languages = intake.and_then(|intake| intake.languages.as_deref());
    let languages = languages.unwrap_or_else(|| settings.text("ocr.languages"));
    let max_part = settings
        .max_size(intake.and_then(|intake| intake.max_size.as_deref()))?
        .to_string();
    let (page, file) = settings.times()?;
    let memory = settings.memory()?.to_string();
    let config = Digest::of_parts([
        languages.as_bytes(),
        memory.as_bytes(),
        &page.as_secs().to_le_bytes(),
        &file.as_secs().to_le_bytes(),
        ocr::signature(languages).as_bytes(),
        &[u8::from(!no_tables)],
        max_part.as_bytes(),
    ]);
    let environment = ["TESSDATA_PREFIX"]
        .into_iter()
        .filter_map(|name| {
            from_environment(name).map(|value| (OsString::from(name), OsString::from(value)))
        })
        .collect();
    let program = Program {
        // The running program itself, even if its file was replaced meanwhile.
        path: "/proc/self/exe".into(),
        arguments: ["worker", "--languages", languages, "--memory", &memory]
            .into_iter()
            .chain(["--max-part", &max_part])
            .chain(no_tables.then_some("--no-tables"))
            .map(OsString::from)
            .collect(),
        environment,
    };
    Ok(Pool::new(program, ReadLimits { page, file }, OCR, config))
}
