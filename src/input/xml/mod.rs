//! XML to a tree of elements: encodings, limits, and the way from an element to its path.
//!
//! No DTD is loaded and no entity expanded: a document type without declarations of its own (cXML has one) is skipped,
//! one with declarations is refused. Elements are found by local name, since prefixes are arbitrary and several of the
//! syntaxes change namespace with each version; which syntax a file is in, its root's namespace says.

pub(super) mod fields;
pub(super) mod prolog;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::stage::StageError;

/// More nodes than an invoice of 20,000 lines has.
const MAX_NODES: u32 = 4_000_000;
/// Deeper than any invoice syntax nests; signatures included.
const MAX_DEPTH: u32 = 100;

/// Decodes the bytes of an XML file by byte order mark, else by declaration, else as UTF-8.
///
/// Bytes that are not what the declaration says are read as Windows-1252: that is what old programs write whatever they
/// declare.
///
/// # Errors
/// `CORRUPT_FILE` if the bytes are in no encoding we know.
pub(super) fn decode(bytes: &[u8]) -> Result<String, StageError> {
    let (encoding, bytes) = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => (encoding, &bytes[mark..]),
        None => (declared(bytes)?, bytes),
    };
    let text = match encoding.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => text,
        None if encoding == UTF_8 => WINDOWS_1252.decode_without_bom_handling(bytes).0,
        None => {
            return Err(corrupt(format!(
                "the bytes are not valid {}",
                encoding.name()
            )));
        }
    };
    Ok(text
        .trim_matches(|c: char| c.is_whitespace() || c == '\0' || c == '\u{feff}')
        .to_owned())
}

/// The encoding that the file declares for itself.
fn declared(bytes: &[u8]) -> Result<&'static Encoding, StageError> {
    match bytes {
        [b'<', 0, ..] => return Ok(UTF_16LE),
        [0, b'<', ..] => return Ok(UTF_16BE),
        _ => {}
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]);
    let declaration = head.split("?>").next().unwrap_or_default();
    let Some((_, label)) = declaration.split_once("encoding") else {
        return Ok(UTF_8);
    };
    let label = label.trim_start_matches(|c: char| c.is_whitespace() || c == '=');
    let label: String = label
        .trim_start_matches(['"', '\''])
        .chars()
        .take_while(|c| !matches!(c, '"' | '\''))
        .collect();
    match Encoding::for_label(label.as_bytes()) {
        // The declaration was readable byte by byte, so this is not what it says.
        Some(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => Ok(UTF_8),
        Some(encoding) => Ok(encoding),
        None => Err(corrupt(
            "it declares a character encoding that is not known",
        )),
    }
}

fn corrupt(why: impl std::fmt::Display) -> StageError {
    StageError::input("CORRUPT_FILE", format!("the XML cannot be read: {why}"))
}

/// A parsed file, and for each element its place among its siblings of the same name.
pub(super) struct Tree<'t> {
    document: roxmltree::Document<'t>,
    /// By node: 0 for an only child of its name, else the number from 1.
    ordinals: Vec<u32>,
}

impl<'t> Tree<'t> {
    /// Parses decoded XML.
    ///
    /// # Errors
    /// `CORRUPT_FILE` if it is not well-formed, declares entities, or exceeds a limit.
    pub(super) fn parse(text: &'t str) -> Result<Self, StageError> {
        let text = prolog::after_document_type(text);
        let options = roxmltree::ParsingOptions {
            allow_dtd: false,
            nodes_limit: MAX_NODES,
            ..roxmltree::ParsingOptions::default()
        };
        let document = roxmltree::Document::parse_with_options(text, options)
            .map_err(|error| corrupt(why(&error)))?;
        let ordinals = ordinals(&document)?;
        Ok(Self { document, ordinals })
    }

    /// The root element.
    pub(super) fn root(&self) -> Element<'_> {
        Element {
            node: self.document.root_element(),
            attribute: None,
        }
    }

    /// The path of an element or attribute, with the usual prefixes whatever the file's own are:
    /// `/Invoice/cac:InvoiceLine[2]/cbc:ID`.
    pub(super) fn path(&self, element: Element<'_>) -> String {
        let mut steps: Vec<String> = Vec::new();
        for node in element.node.ancestors().filter(roxmltree::Node::is_element) {
            let name = node.tag_name();
            let prefix = name.namespace().map_or("", usual_prefix);
            let ordinal = match self.ordinals.get(node.id().get_usize()) {
                None | Some(0) => String::new(),
                Some(ordinal) => format!("[{ordinal}]"),
            };
            steps.push(format!("/{prefix}{}{ordinal}", name.name()));
        }
        let mut path: String = steps.into_iter().rev().collect();
        if let Some(attribute) = element.attribute {
            path.push_str("/@");
            path.push_str(attribute);
        }
        path
    }
}

/// Says what is wrong without quoting the file.
fn why(error: &roxmltree::Error) -> String {
    match error {
        roxmltree::Error::DtdDetected => "it declares a document type of its own".to_owned(),
        roxmltree::Error::NodesLimitReached => "it has too many elements".to_owned(),
        other => {
            let at = other.pos();
            format!("it is not well-formed (line {}, column {})", at.row, at.col)
        }
    }
}

/// Numbers the elements among their siblings of the same name, in one pass, and measures the depth on the way.
fn ordinals(document: &roxmltree::Document<'_>) -> Result<Vec<u32>, StageError> {
    let mut ordinals = vec![0; document.descendants().count()];
    let mut depths = vec![0_u32; ordinals.len()];
    for parent in document.descendants().filter(roxmltree::Node::has_children) {
        let depth = depths[parent.id().get_usize()] + 1;
        if depth > MAX_DEPTH {
            return Err(corrupt("its elements are nested too deeply"));
        }
        let mut seen: std::collections::BTreeMap<&str, (u32, usize)> =
            std::collections::BTreeMap::new();
        for child in parent.children() {
            let at = child.id().get_usize();
            depths[at] = depth;
            if child.is_element() {
                let (count, first) = seen.entry(child.tag_name().name()).or_insert((0, at));
                *count += 1;
                if *count > 1 {
                    ordinals[at] = *count;
                    ordinals[*first] = 1;
                }
            }
        }
    }
    Ok(ordinals)
}

/// The prefix everybody writes for a namespace of UBL or CII.
fn usual_prefix(namespace: &str) -> &'static str {
    const USUAL: &[(&str, &str)] = &[
        ("CommonAggregateComponents", "cac:"),
        ("CommonBasicComponents", "cbc:"),
        ("CommonExtensionComponents", "ext:"),
        ("ReusableAggregateBusinessInformationEntity", "ram:"),
        ("UnqualifiedDataType", "udt:"),
        ("QualifiedDataType", "qdt:"),
        ("CrossIndustryInvoice:", "rsm:"),
        ("CrossIndustryDocument:", "rsm:"),
    ];
    USUAL
        .iter()
        .find(|(part, _)| namespace.contains(part))
        .map_or("", |(_, prefix)| prefix)
}

/// An element, or an attribute of it.
#[derive(Clone, Copy)]
pub(super) struct Element<'t> {
    node: roxmltree::Node<'t, 't>,
    attribute: Option<&'t str>,
}

impl<'t> Element<'t> {
    /// Local name.
    pub(super) fn name(self) -> &'t str {
        self.node.tag_name().name()
    }

    /// Namespace, empty if there is none.
    pub(super) fn namespace(self) -> &'t str {
        self.node.tag_name().namespace().unwrap_or_default()
    }

    /// The child elements.
    pub(super) fn children(self) -> impl Iterator<Item = Element<'t>> {
        self.node
            .children()
            .filter(roxmltree::Node::is_element)
            .map(|node| Element {
                node,
                attribute: None,
            })
    }

    /// Child elements and the text between them, in their order.
    pub(super) fn pieces(self) -> impl Iterator<Item = Result<Element<'t>, &'t str>> {
        self.node.children().filter_map(|node| match node.text() {
            Some(text) if node.is_text() => Some(Err(text)),
            _ => node.is_element().then_some(Ok(Element {
                node,
                attribute: None,
            })),
        })
    }

    /// An attribute by local name, in either case: ebInterface 4 qualifies them, CFDI 3.2 writes them small.
    pub(super) fn attribute(self, name: &str) -> Option<Element<'t>> {
        let found = self.node.attributes().find(|attribute| {
            attribute.name().eq_ignore_ascii_case(name) && !attribute.value().trim().is_empty()
        })?;
        Some(Element {
            node: self.node,
            attribute: Some(found.name()),
        })
    }

    /// The first element (`A/B`) or attribute (`A/@b`) down a path that says something; an empty one counts as missing.
    pub(super) fn at(self, path: &str) -> Option<Element<'t>> {
        let (step, rest) = match path.split_once('/') {
            Some((step, rest)) => (step, Some(rest)),
            None => (path, None),
        };
        if let Some(attribute) = step.strip_prefix('@') {
            return self.attribute(attribute);
        }
        let mut named = self.children().filter(|child| child.name() == step);
        match rest {
            Some(rest) => named.find_map(|child| child.at(rest)),
            None => named.find(|child| child.says_something()),
        }
    }

    /// The first of several paths that says something.
    pub(super) fn first(self, paths: &[&str]) -> Option<Element<'t>> {
        paths.iter().find_map(|path| self.at(path))
    }

    /// All elements down a path, in document order, empty ones too.
    pub(super) fn all(self, path: &str) -> Vec<Element<'t>> {
        let (step, rest) = match path.split_once('/') {
            Some((step, rest)) => (step, Some(rest)),
            None => (path, None),
        };
        let named = self.children().filter(|child| child.name() == step);
        match rest {
            Some(rest) => named.flat_map(|child| child.all(rest)).collect(),
            None => named.collect(),
        }
    }

    fn says_something(self) -> bool {
        self.children().next().is_some() || !self.raw().trim().is_empty()
    }

    /// The text as it stands; comments and `CDATA` do not split it.
    pub(super) fn raw(self) -> String {
        match self.attribute {
            Some(name) => self
                .node
                .attributes()
                .find(|attribute| attribute.name() == name)
                .map(|attribute| attribute.value().to_owned())
                .unwrap_or_default(),
            None => self
                .node
                .children()
                .filter(roxmltree::Node::is_text)
                .filter_map(|node| node.text())
                .collect(),
        }
    }

    /// The text with white space between words made one space.
    pub(super) fn text(self) -> String {
        self.raw().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The text with its lines kept.
    pub(super) fn prose(self) -> String {
        let raw = self.raw();
        let lines: Vec<&str> = raw.trim().lines().map(str::trim).collect();
        lines.join("\n")
    }

    /// The text down a path; empty if there is none.
    pub(super) fn text_at(self, path: &str) -> String {
        self.at(path).map(Element::text).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_by_mark_declaration_and_fallback() {
        let utf16: Vec<u8> = "\u{feff}<a>é</a>"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let declares_utf16 = "<?xml version='1.0' encoding='utf-16'?><a>é</a>";
        for (bytes, name) in [
            (b"\xef\xbb\xbf<a>\xc3\xa9</a>\n\0".to_vec(), "mark"),
            (utf16.clone(), "UTF-16 with mark"),
            (utf16[2..].to_vec(), "UTF-16 without mark"),
            (declares_utf16.into(), "declares UTF-16, is UTF-8"),
            (
                b"<?xml version=\"1.0\" encoding=\"windows-1252\" ?><a>\xe9</a>".to_vec(),
                "declared",
            ),
            (
                b"<?xml version='1.0' encoding='ISO-8859-15'?><a>\xe9</a>".to_vec(),
                "declared",
            ),
            (b"<a>\xe9</a>".to_vec(), "not the UTF-8 it should be"),
        ] {
            let text = decode(&bytes).expect(name);
            let tree = Tree::parse(&text).expect(name);
            assert_eq!(tree.root().text(), "é", "{name}");
        }
        assert_eq!(
            decode(b"<?xml version='1.0' encoding='klingon'?><a/>")
                .expect_err("unknown")
                .code,
            "CORRUPT_FILE"
        );
    }

    #[test]
    fn hostile_files_are_refused() {
        let deep = format!("{}{}", "<a>".repeat(101), "</a>".repeat(101));
        for text in [
            "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
            "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>",
            "<a>&undeclared;</a>",
            "<a><b></a>",
            "<a/><b/>",
            "",
            "p:a",
            &deep,
        ] {
            let error = Tree::parse(text).err().expect("refused");
            assert_eq!(error.code, "CORRUPT_FILE", "{text}");
            assert!(!error.message.contains("passwd"), "{}", error.message);
        }
        assert!(Tree::parse(&deep[3..deep.len() - 4]).is_ok());
        assert!(Tree::parse("<!DOCTYPE cXML SYSTEM \"http://example/x.dtd\"><cXML/>").is_ok());
    }

    #[test]
    fn elements_by_local_name_with_paths_in_the_usual_prefixes() {
        let text = "<q:Invoice xmlns:q='urn:x:CommonAggregateComponents-2' xmlns='urn:x:CommonBasicComponents-2'>\
            <q:P><N/></q:P><q:P><N> a <!-- -->\n<![CDATA[b]]></N><N u='1'>c</N></q:P></q:Invoice>";
        let tree = Tree::parse(text).expect("well-formed");
        let name = tree.root().at("P/N").expect("found");
        assert_eq!(name.text(), "a b");
        assert_eq!(tree.path(name), "/cac:Invoice/cac:P[2]/cbc:N[1]");
        let unit = tree.root().at("P/N/@u").expect("found");
        assert_eq!(tree.path(unit), "/cac:Invoice/cac:P[2]/cbc:N[2]/@u");
        assert_eq!(tree.root().all("P/N").len(), 3);
        assert_eq!(tree.root().text_at("P/Missing"), "");
    }
}
