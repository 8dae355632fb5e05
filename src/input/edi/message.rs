//! The messages of an interchange to documents: each invoice one, what is none set aside by name, what is cut off an error.

use super::segment::{Segment, number};
use crate::input::xml::fields::Reading;
use crate::input::{Context, limits};
use crate::model::{DocId, Document, Ocr, Status, Warning};
use crate::stage::StageError;

/// How an EDI standard wraps its messages.
pub(in crate::input) struct Syntax {
    /// What a message is called.
    pub(in crate::input) called: &'static str,
    /// Tags of a message's first and last segment.
    pub(in crate::input) ends: (&'static str, &'static str),
    /// Tags of the envelopes around messages.
    pub(in crate::input) envelopes: &'static [&'static str],
    /// Element and component of the first segment that tell what it is.
    pub(in crate::input) kind: (usize, usize),
    /// What an invoice is there.
    pub(in crate::input) invoice: &'static str,
    /// Media type of the documents.
    pub(in crate::input) media_type: &'static str,
    /// What reads them, as `ocr.engine` writes it.
    pub(in crate::input) engine: &'static str,
}

/// A message from its first segment on.
struct Message {
    segments: Vec<Segment>,
    /// Its last segment is there.
    whole: bool,
}

/// An interchange that cannot be read.
pub(in crate::input) fn corrupt(why: &str) -> StageError {
    StageError::input(
        "CORRUPT_FILE",
        format!("the interchange cannot be read: {why}"),
    )
}

/// The documents of an interchange; `read` makes an invoice of a message's segments and its path.
///
/// # Errors
/// `CORRUPT_FILE` without any message, `UNSUPPORTED_TYPE` without any invoice, `TOO_MANY_PARTS`.
pub(in crate::input) fn documents(
    segments: Vec<Segment>,
    syntax: &Syntax,
    read: fn(&[Segment], &str) -> Reading,
    context: &Context<'_>,
) -> Result<Vec<Document>, StageError> {
    let messages = messages(segments, syntax);
    let called = syntax.called;
    if messages.len() > limits::MAX_PARTS {
        return Err(StageError::input(
            "TOO_MANY_PARTS",
            format!("the file holds more than {} {called}s", limits::MAX_PARTS),
        ));
    }
    let kind = |message: &Message| {
        let (element, component) = syntax.kind;
        message.segments[0].get(element, component).to_owned()
    };
    let kinds: Vec<String> = messages.iter().map(kind).collect();
    let Some(first) = kinds.first() else {
        return Err(corrupt(&format!("it holds no {called}")));
    };
    if kinds.iter().all(|kind| kind != syntax.invoice) {
        return Err(StageError::input(
            "UNSUPPORTED_TYPE",
            format!("the {called} is no invoice but `{first}`"),
        ));
    }
    let several = messages.len() > 1;
    let mut documents = Vec::with_capacity(messages.len());
    for (index, (message, kind)) in messages.iter().zip(&kinds).enumerate() {
        let tag = syntax.ends.0;
        let (id, path) = if several {
            let n = index + 1;
            (context.id.part(&format!("#{n}")), format!("/{tag}[{n}]"))
        } else {
            (context.id.clone(), format!("/{tag}"))
        };
        let mut document = if kind != syntax.invoice {
            set_aside(&id, &format!("the {called} is no invoice but `{kind}`"))
        } else if message.whole {
            let mut reading = read(&message.segments, &path);
            reading.warnings.extend(miscounted(message, called));
            reading.into_document_of(&id, syntax.media_type, syntax.engine)
        } else {
            failed(&id, corrupt(&format!("the {called} is cut off")))
        };
        document.source.parent_id = several.then(|| context.id.clone());
        documents.push(document);
    }
    Ok(documents)
}

fn messages(segments: Vec<Segment>, syntax: &Syntax) -> Vec<Message> {
    let mut messages: Vec<Message> = Vec::new();
    for segment in segments {
        let tag = segment.tag.as_str();
        if tag == syntax.ends.0 {
            messages.push(Message {
                segments: vec![segment],
                whole: false,
            });
        } else if !syntax.envelopes.contains(&tag)
            && let Some(message) = messages.last_mut().filter(|message| !message.whole)
        {
            message.whole = tag == syntax.ends.1;
            message.segments.push(segment);
        }
    }
    for message in &mut messages {
        number(&mut message.segments);
    }
    messages
}

/// The last segment says how many there are: fewer were lost on the way.
fn miscounted(message: &Message, called: &str) -> Option<Warning> {
    let count = message.segments.len();
    let told = message.segments.last()?.get(1, 1);
    (told.parse() != Ok(count)).then(|| Warning {
        code: "SEGMENT_COUNT".to_owned(),
        message: format!("the {called} says it has {told} segments and has {count}"),
        page: None,
    })
}

fn set_aside(id: &DocId, why: &str) -> Document {
    let mut document = Document::new(id.clone());
    document.status = Status::SetAside;
    document.ocr = Some(Ocr {
        warnings: vec![Warning {
            code: "NO_INVOICE".to_owned(),
            message: format!("set aside: {why}"),
            page: None,
        }],
        ..Ocr::default()
    });
    document
}

fn failed(id: &DocId, error: StageError) -> Document {
    let mut document = Document::new(id.clone());
    document.status = Status::Error;
    document.error = Some(error.into_failed("ocr"));
    document
}
