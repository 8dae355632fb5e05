//! What stands before and in the root's start tag: enough to tell a syntax without parsing the file.

use super::decode;

/// How much of a file is looked at.
const HEAD: usize = 64 * 1024;

/// Namespace and local name of the root element; `None` if it does not look like XML.
pub(in crate::input) fn root(bytes: &[u8]) -> Option<(String, String)> {
    let head = &bytes[..bytes.len().min(HEAD)];
    let mut text = decode(head).ok()?;
    if !text.starts_with('<') {
        return None;
    }
    let start = element_start(&text)?;
    text.drain(..start);
    let name_end = text[1..].find(|c: char| c.is_whitespace() || matches!(c, '>' | '/'))? + 1;
    let name = &text[1..name_end];
    if !name.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        return None;
    }
    let tag = text[name_end..].split('>').next().unwrap_or_default();
    let (prefix, local) = name.split_once(':').unwrap_or(("", name));
    let declaration = match prefix {
        "" => "xmlns".to_owned(),
        prefix => format!("xmlns:{prefix}"),
    };
    Some((
        attribute(tag, &declaration).unwrap_or_default(),
        local.to_owned(),
    ))
}

/// Tells whether the root is one of these: namespace (by its beginning) and local name (`*` for any).
pub(in crate::input) fn root_is(bytes: &[u8], roots: &[(&str, &str)]) -> bool {
    root(bytes).is_some_and(|(namespace, local)| {
        roots
            .iter()
            .any(|(start, name)| namespace.starts_with(start) && (*name == "*" || *name == local))
    })
}

/// Where the first element starts: after declaration, comments, processing instructions and document type.
fn element_start(text: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        at += text[at..].find('<')?;
        let rest = &text[at..];
        let end = if rest.starts_with("<!--") {
            "-->"
        } else if rest.starts_with("<?") {
            "?>"
        } else if rest.starts_with("<!") {
            ">"
        } else {
            return Some(at);
        };
        at += rest.find(end)? + end.len();
    }
}

/// The value of an attribute in the text of a start tag.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let mut rest = tag;
    loop {
        let (key, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, next) = after[1..].split_once(quote)?;
        if key.trim() == name {
            return Some(value.trim().to_owned());
        }
        rest = next;
    }
}

/// The text from behind a document type that declares nothing itself; the whole text in every other case.
pub(super) fn after_document_type(text: &str) -> &str {
    let Some(start) = element_start(text) else {
        return text;
    };
    let Some(at) = text[..start].find("<!DOCTYPE") else {
        return text;
    };
    if text[at..start].contains('[') {
        return text;
    }
    &text[start..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_is_named_without_parsing() {
        for (text, expected) in [
            (
                "<?xml version='1.0'?>\n<!-- <x> -->\n<ns0:Invoice a='1'\n xmlns:ns0 = \"urn:i\" b=''>",
                Some(("urn:i", "Invoice")),
            ),
            ("<Order xmlns='urn:o'/>", Some(("urn:o", "Order"))),
            ("<plain>", Some(("", "plain"))),
            (
                "<!DOCTYPE cXML SYSTEM \"u\"><cXML v='1'>",
                Some(("", "cXML")),
            ),
            ("%PDF-1.7 <x>", None),
            ("<", None),
            ("<1>", None),
            ("", None),
        ] {
            let found = root(text.as_bytes());
            let found = found
                .as_ref()
                .map(|(namespace, local)| (namespace.as_str(), local.as_str()));
            assert_eq!(found, expected, "{text}");
        }
    }
}
