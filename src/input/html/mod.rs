//! HTML: an invoice as a web page or as the body of a mail, printed to pages.
//!
//! What a browser would not show is left out: scripts, comments, templates, what is hidden by attribute or by the page's own
//! style sheet. Style sheets from elsewhere are not fetched. Places come from tables and from the few properties that put
//! things beside each other; they are not those of a browser.

mod build;
mod line;
mod look;

#[cfg(test)]
mod tests;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use scraper::Html;

use super::{Context, Reader, flow, page};
use crate::model::Document;
use crate::stage::StageError;

/// HTML.
pub(super) const HTML: Reader = Reader {
    name: "html",
    media_type: "text/html",
    extension: "html",
    reads: "text and tables of a page that has an amount",
    sniff,
    read: |bytes, context| Ok(vec![document(&decode(bytes), context)?]),
};

/// Elements within each other; those that close themselves are not counted. The parser's work grows with the depth.
const MAX_DEPTH: usize = 512;
/// Elements whose end may be left out.
const OPTIONAL: &[&str] = &[
    "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "optgroup",
    "colgroup", "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta",
    "param", "source", "track", "wbr",
];

/// A page begins as one, and without an amount it is a letter. Only tags are taken away here: a parser sees it later.
fn sniff(bytes: &[u8]) -> bool {
    if !begins(bytes) {
        return false;
    }
    page::has_amount(&plain(&decode(bytes)))
}

/// Declaration and comments may stand in front of the document type or the root.
fn begins(bytes: &[u8]) -> bool {
    let head = decode(&bytes[..bytes.len().min(4096)]).to_ascii_lowercase();
    let mut rest = head.trim_start_matches(['\u{feff}', '\0']).trim_start();
    loop {
        let behind = match rest {
            comment if comment.starts_with("<!--") => comment.split_once("-->"),
            declaration if declaration.starts_with("<?xml") => declaration.split_once("?>"),
            _ => break,
        };
        let Some((_, behind)) = behind else {
            return false;
        };
        rest = behind.trim_start();
    }
    ["<!doctype html", "<html", "<head", "<body"]
        .iter()
        .any(|start| rest.starts_with(start))
}

/// Text of a page: by byte order mark, by what it declares, as UTF-8, as Windows-1252.
fn decode(bytes: &[u8]) -> String {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding
            .decode_without_bom_handling(&bytes[mark..])
            .0
            .into_owned();
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(2048)]).to_ascii_lowercase();
    let label = head.split_once("charset").map(|(_, behind)| {
        let behind = behind.trim_start_matches(|c: char| c.is_whitespace() || "=\"'".contains(c));
        let end = behind.find(|c: char| !c.is_ascii_alphanumeric() && !"-_:.".contains(c));
        &behind[..end.unwrap_or(behind.len())]
    });
    let declared = label.and_then(|label| Encoding::for_label(label.as_bytes()));
    let utf8 = UTF_8.decode_without_bom_handling_and_without_replacement(bytes);
    match (utf8, declared) {
        // Valid UTF-8 is that, whatever a mail program left in the head.
        (Some(text), _) => text.into_owned(),
        (None, Some(encoding)) if encoding != UTF_8 => {
            encoding.decode_without_bom_handling(bytes).0.into_owned()
        }
        (None, _) => WINDOWS_1252
            .decode_without_bom_handling(bytes)
            .0
            .into_owned(),
    }
}

/// The tags of a page and what stands between them, in one pass.
fn pieces(html: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = html;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let start = rest.find('<').unwrap_or(rest.len());
        let (text, tag) = rest.split_at(start);
        let end = if tag.starts_with("<!--") {
            tag.find("-->").map(|end| end + 3)
        } else {
            tag.find('>').map(|end| end + 1)
        };
        let (tag, behind) = tag.split_at(end.unwrap_or(tag.len()));
        rest = behind;
        Some((text, tag))
    })
}

/// The name of a tag, and whether it closes.
fn name(tag: &str) -> (String, bool) {
    let inner = tag.trim_start_matches('<');
    let closes = inner.starts_with('/');
    let inner = inner.trim_start_matches('/');
    let end = inner.find(|c: char| !c.is_ascii_alphanumeric());
    (
        inner[..end.unwrap_or(inner.len())].to_ascii_lowercase(),
        closes,
    )
}

/// The text of a page without tags, scripts and styles: good enough to look for an amount in.
fn plain(html: &str) -> String {
    let mut text = String::new();
    let mut within: Option<String> = None;
    for (said, tag) in pieces(html) {
        if within.is_none() {
            text.push_str(said);
            text.push(' ');
        }
        let (name, closes) = name(tag);
        match &within {
            Some(open) if closes && *open == name => within = None,
            None if !closes && ["script", "style"].contains(&name.as_str()) => within = Some(name),
            _ => {}
        }
    }
    text.replace("&nbsp;", " ").replace("&euro;", "€")
}

/// How deep elements are nested that do not close themselves.
fn depth(html: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for (_, tag) in pieces(html) {
        let (name, closes) = name(tag);
        if name.is_empty() || OPTIONAL.contains(&name.as_str()) || tag.ends_with("/>") {
            continue;
        }
        depth = if closes {
            depth.saturating_sub(1)
        } else {
            depth + 1
        };
        deepest = deepest.max(depth);
    }
    deepest
}

/// The document that a page makes; also the body of a mail.
///
/// # Errors
/// `TOO_DEEP`, `TOO_MUCH_TEXT`, and `EMPTY_FILE` if it shows nothing.
pub(super) fn document(html: &str, context: &mut Context<'_>) -> Result<Document, StageError> {
    if depth(html) > MAX_DEPTH {
        return Err(too_deep());
    }
    let tree = Html::parse_document(html);
    let blocks = build::blocks(&tree)?;
    let mut document = flow::document(&blocks, "html", context)?;
    document.source.media_type = Some("text/html".to_owned());
    Ok(document)
}

fn too_deep() -> StageError {
    StageError::input("TOO_DEEP", "the elements of the page are nested too deeply")
}
