//! Text to segments.

use crate::stage::StageError;

/// More segments than an interchange of 1,000 invoices has.
const MAX_SEGMENTS: usize = 1_000_000;
/// More elements or components than any segment has; what comes behind is not read.
const MAX_PARTS: usize = 64;

/// The characters that part an interchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::input) struct Separators {
    /// Ends a segment.
    pub(in crate::input) segment: char,
    /// Between elements.
    pub(in crate::input) element: char,
    /// Between the components of an element; `None` where elements are taken whole.
    pub(in crate::input) component: Option<char>,
    /// Takes its meaning from the character behind it.
    pub(in crate::input) release: Option<char>,
}

/// A segment.
#[derive(Debug, PartialEq)]
pub(in crate::input) struct Segment {
    /// Its tag.
    pub(in crate::input) tag: String,
    /// Its place among the segments of this tag in the message, from 1.
    pub(in crate::input) ordinal: usize,
    /// Components by element; the first element is the one behind the tag.
    elements: Vec<Vec<String>>,
}

impl Segment {
    /// A component, elements and components counted from 1; empty if it is not there.
    pub(in crate::input) fn get(&self, element: usize, component: usize) -> &str {
        let element = element.checked_sub(1).and_then(|at| self.elements.get(at));
        let components = element.map(Vec::as_slice).unwrap_or_default();
        let component = component.checked_sub(1).and_then(|at| components.get(at));
        component.map_or("", |text| text.trim())
    }

    /// How many components an element has.
    pub(in crate::input) fn components(&self, element: usize) -> usize {
        let element = element.checked_sub(1).and_then(|at| self.elements.get(at));
        element.map_or(0, Vec::len)
    }

    /// How many elements it has.
    pub(in crate::input) fn elements(&self) -> usize {
        self.elements.len()
    }

    /// Tells whether it has this tag and one of these qualifiers in its first component.
    pub(in crate::input) fn is(&self, tag: &str, qualifiers: &[&str]) -> bool {
        self.tag == tag && qualifiers.contains(&self.get(1, 1))
    }
}

/// Parts a text into its segments. Line ends between and within them say nothing: files are wrapped for printers of old.
///
/// # Errors
/// `TOO_MUCH_TEXT` for more segments than we read.
pub(in crate::input) fn segments(
    text: &str,
    separators: &Separators,
) -> Result<Vec<Segment>, StageError> {
    let mut segments = Vec::new();
    let mut open = Open::default();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if Some(c) == separators.release {
            open.part.extend(chars.next());
        } else if c == separators.segment {
            segments.extend(std::mem::take(&mut open).close());
            if segments.len() > MAX_SEGMENTS {
                return Err(StageError::input(
                    "TOO_MUCH_TEXT",
                    format!("the interchange has more than {MAX_SEGMENTS} segments"),
                ));
            }
        } else if c == separators.element {
            open.end_element();
        } else if Some(c) == separators.component {
            open.end_component();
        } else if !matches!(c, '\r' | '\n') {
            open.part.push(c);
        }
    }
    segments.extend(open.close());
    Ok(segments)
}

/// The segment that is being read.
#[derive(Default)]
struct Open {
    part: String,
    components: Vec<String>,
    elements: Vec<Vec<String>>,
}

impl Open {
    fn end_component(&mut self) {
        let part = std::mem::take(&mut self.part);
        if self.components.len() < MAX_PARTS {
            self.components.push(part);
        }
    }

    fn end_element(&mut self) {
        self.end_component();
        let components = std::mem::take(&mut self.components);
        if self.elements.len() <= MAX_PARTS {
            self.elements.push(components);
        }
    }

    /// The segment, if there is anything in it.
    fn close(mut self) -> Option<Segment> {
        self.end_element();
        let mut elements = self.elements.into_iter();
        let tag = elements.next()?.into_iter().next()?.trim().to_owned();
        let elements: Vec<Vec<String>> = elements.collect();
        let says_nothing = tag.is_empty() && elements.is_empty();
        (!says_nothing).then_some(Segment {
            tag,
            ordinal: 0,
            elements,
        })
    }
}

/// Numbers the segments of a message among those of the same tag.
pub(in crate::input) fn number(segments: &mut [Segment]) {
    let mut counts: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    for segment in segments {
        let count = counts.entry(segment.tag.clone()).or_insert(0);
        *count += 1;
        segment.ordinal = *count;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const EDIFACT: Separators = Separators {
        segment: '\'',
        element: '+',
        component: Some(':'),
        release: Some('?'),
    };

    fn parted(text: &str) -> Vec<String> {
        let segments = segments(text, &EDIFACT).expect("few");
        segments
            .iter()
            .map(|segment| {
                let elements: Vec<String> = segment
                    .elements
                    .iter()
                    .map(|components| components.join("|"))
                    .collect();
                format!("{}[{}]", segment.tag, elements.join("]["))
            })
            .collect()
    }

    #[test]
    fn segments_elements_components() {
        for (text, expected) in [
            ("BGM+380+1'", &["BGM[380][1]"][..]),
            ("A+b:c+d'\r\nE'", &["A[b|c][d]", "E[]"]),
            ("A+it?'s 5?+5 ???:'", &["A[it's 5+5 ?:]"]),
            ("A+++x::'", &["A[][][x||]"]),
            ("A+no end", &["A[no end]"]),
            ("A+wrap\r\nped'", &["A[wrapped]"]),
            ("''A'", &["A[]"]),
            ("A+x?", &["A[x]"]),
            ("", &[]),
        ] {
            assert_eq!(parted(text), expected, "{text}");
        }
    }

    #[test]
    fn places_are_counted_from_one_and_missing_ones_are_empty() {
        let all = segments("NAD+SU+4000::9'NAD+BY'", &EDIFACT).expect("few");
        assert_eq!((all[0].get(2, 1), all[0].get(2, 3)), ("4000", "9"));
        assert_eq!((all[0].get(0, 1), all[0].get(9, 9)), ("", ""));
        assert!(all[1].is("NAD", &["BY"]) && !all[1].is("NAD", &["SU"]));
    }

    proptest! {
        #[test]
        fn any_text_is_parted(text in any::<String>(), seps in any::<[char; 4]>()) {
            let separators = Separators {
                segment: seps[0],
                element: seps[1],
                component: Some(seps[2]),
                release: Some(seps[3]),
            };
            let all = segments(&text, &separators).expect("short");
            for segment in &all {
                let _ = (segment.get(0, 0), segment.get(1, 1), segment.get(99, 99));
            }
            let _ = segments(&text, &EDIFACT).expect("short");
        }
    }
}
