//! The few properties of style that decide whether something is shown and what stands beside it.
//!
//! The page's own `style` elements are read without their `@` rules and without pseudo-classes; later rules win, and the
//! element's own `style` wins over all.

use std::collections::HashMap;

use ego_tree::NodeId;
use scraper::{ElementRef, Html, Selector};

use crate::input::flow::Align;

/// Rules that are looked at, and the longest selector: more are no invoice's.
const MAX_RULES: usize = 300;
const MAX_SELECTOR: usize = 120;

/// How an element is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Look {
    /// Not at all.
    pub(super) hidden: bool,
    /// Its children stand beside each other, this many in a row (0: all of them).
    pub(super) row: Option<usize>,
    /// It stands beside its neighbours that do the same.
    pub(super) beside: bool,
    /// It comes last of them.
    pub(super) last: bool,
    /// Where its text stands.
    pub(super) align: Option<Align>,
}

/// The looks that the style sheets of a page give.
pub(super) struct Sheet {
    looks: HashMap<NodeId, Vec<String>>,
}

impl Sheet {
    /// Reads the `style` elements.
    pub(super) fn new(page: &Html) -> Self {
        let mut looks: HashMap<NodeId, Vec<String>> = HashMap::new();
        let Ok(styles) = Selector::parse("style") else {
            return Self { looks };
        };
        let css: String = page
            .select(&styles)
            .flat_map(|style| style.text())
            .collect();
        for (selector, declarations) in rules(&css).into_iter().take(MAX_RULES) {
            let Ok(parsed) = Selector::parse(&selector) else {
                continue;
            };
            for element in page.select(&parsed) {
                let all = looks.entry(element.id()).or_default();
                all.push(declarations.clone());
            }
        }
        Self { looks }
    }

    /// How an element is shown.
    pub(super) fn of(&self, element: ElementRef<'_>) -> Look {
        let mut look = Look::default();
        let node = element.value();
        let hides = node.attr("hidden").is_some()
            || node.name() == "dialog" && node.attr("open").is_none()
            || node.name() == "input"
                && node
                    .attr("type")
                    .is_some_and(|kind| kind.eq_ignore_ascii_case("hidden"));
        look.hidden = hides;
        look.align = node.attr("align").and_then(align);
        if is_grid_of_classes(element) {
            look.row = Some(0);
        }
        for declarations in self.looks.get(&element.id()).into_iter().flatten() {
            look.apply(declarations);
        }
        if let Some(own) = node.attr("style") {
            look.apply(own);
        }
        look
    }
}

/// `row` with children `col…`: what the most used style sheets from elsewhere call them.
fn is_grid_of_classes(element: ElementRef<'_>) -> bool {
    let is_row = element.value().classes().any(|class| class == "row");
    let columns = || {
        let children = element.child_elements();
        children.filter(|child| {
            child
                .value()
                .classes()
                .any(|class| class.starts_with("col"))
        })
    };
    is_row && columns().count() > 1
}

fn align(value: &str) -> Option<Align> {
    match value.trim().to_ascii_lowercase().as_str() {
        "right" | "end" => Some(Align::Right),
        "center" => Some(Align::Centre),
        "left" | "start" | "justify" => Some(Align::Left),
        _ => None,
    }
}

impl Look {
    /// Applies declarations in their order.
    fn apply(&mut self, declarations: &str) {
        let mut flattened = (false, false);
        for declaration in declarations.split(';').take(64) {
            let Some((name, value)) = declaration.split_once(':') else {
                continue;
            };
            let value = value.split("!important").next().unwrap_or_default();
            let value = value.trim().to_ascii_lowercase();
            let is_zero = || {
                let number = value.trim_end_matches(|c: char| c.is_alphabetic() || c == '%');
                number.parse::<f32>().is_ok_and(|number| number == 0.0)
            };
            match name.trim().to_ascii_lowercase().as_str() {
                "display" => self.display(&value),
                "visibility" => self.hidden |= value == "hidden" || value == "collapse",
                "opacity" | "font-size" => self.hidden |= is_zero(),
                "max-height" | "height" => flattened.0 |= is_zero(),
                "overflow" => flattened.1 |= value == "hidden",
                "flex-direction" if value.starts_with("column") => self.row = None,
                "grid-template-columns" => self.row = columns(&value),
                "float" => {
                    self.beside = value == "left" || value == "right";
                    self.last = value == "right";
                }
                "text-align" => self.align = align(&value).or(self.align),
                _ => {}
            }
        }
        self.hidden |= flattened == (true, true);
    }

    fn display(&mut self, value: &str) {
        match value {
            "none" => self.hidden = true,
            "flex" | "inline-flex" | "table-row" => self.row = Some(0),
            "inline-block" | "table-cell" => self.beside = true,
            _ => {
                self.hidden = false;
                self.row = self.row.filter(|_| value.contains("grid"));
                self.beside = false;
            }
        }
    }
}

/// The columns of a grid: `repeat(3, 1fr)` or `1fr 1fr 2fr`; one is no row.
fn columns(value: &str) -> Option<usize> {
    let count = match value.split_once("repeat(") {
        Some((_, behind)) => behind.split(',').next()?.trim().parse().ok()?,
        None => value.split_whitespace().count(),
    };
    (2..=64).contains(&count).then_some(count)
}

/// Selectors with declarations that we know, one selector each.
fn rules(css: &str) -> Vec<(String, String)> {
    let mut rules = Vec::new();
    let mut rest = css;
    let mut bare = String::new();
    while let Some(start) = rest.find("/*") {
        bare.push_str(&rest[..start]);
        rest = rest[start..]
            .split_once("*/")
            .map_or("", |(_, behind)| behind);
    }
    bare.push_str(rest);
    let mut rest = bare.as_str();
    while let Some((head, behind)) = rest.split_once('{') {
        let head = head.rsplit([';', '}']).next().unwrap_or_default().trim();
        if head.starts_with('@') {
            rest = after_block(behind);
            continue;
        }
        let Some((declarations, behind)) = behind.split_once('}') else {
            break;
        };
        rest = behind;
        let known = [
            "display",
            "visibility",
            "float",
            "align",
            "opacity",
            "height",
            "font-size",
            "grid",
            "flex",
        ];
        if !known.iter().any(|name| declarations.contains(name)) {
            continue;
        }
        let selectors = head.split(',').map(str::trim);
        for selector in selectors {
            let plain =
                !selector.is_empty() && selector.len() <= MAX_SELECTOR && !selector.contains(':');
            if plain && rules.len() < MAX_RULES {
                rules.push((selector.to_owned(), declarations.to_owned()));
            }
        }
    }
    rules
}

/// What follows a block with blocks in it.
fn after_block(text: &str) -> &str {
    let mut depth = 1;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &text[at + 1..];
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_decide_what_is_shown() {
        for (style, hidden) in [
            ("display:none", true),
            ("DISPLAY : None !important", true),
            ("visibility: hidden", true),
            ("opacity:0.0", true),
            ("font-size:0px", true),
            ("max-height:0;overflow:hidden", true),
            ("max-height:0", false),
            ("font-size:0.9em;display:block", false),
            ("color:none", false),
            (";;:;", false),
        ] {
            let mut look = Look::default();
            look.apply(style);
            assert_eq!(look.hidden, hidden, "{style}");
        }
    }

    #[test]
    fn rules_without_what_we_do_not_know() {
        let css = "/* x{display:none} */ @media print { .a { display:none } } @charset 'x'; .b, #c { display: none } p:hover{display:none} i { color: red }";
        let rules = rules(css);
        let selectors: Vec<&str> = rules
            .iter()
            .map(|(selector, _)| selector.as_str())
            .collect();
        assert_eq!(selectors, [".b", "#c"]);
    }

    #[test]
    fn grids_have_columns() {
        for (value, expected) in [
            ("1fr 1fr", Some(2)),
            ("repeat(4, 1fr)", Some(4)),
            ("1fr", None),
            ("repeat(auto-fill, 1fr)", None),
        ] {
            assert_eq!(columns(value), expected, "{value}");
        }
    }
}
