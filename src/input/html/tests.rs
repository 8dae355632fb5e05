//! What a browser shows of a page, and pages that would bring a parser down.

use proptest::prelude::*;

use super::*;
use crate::input::sample;
use crate::model::{DocId, Page};

fn page_of(html: &str) -> Page {
    let documents = sample::documents(&HTML, html).expect("reads");
    let mut pages = documents[0].ocr.clone().expect("always there").pages;
    assert_eq!(pages.len(), 1);
    pages.remove(0)
}

/// The text of a body with an amount behind it.
fn text(body: &str) -> String {
    let page = page_of(&format!(
        "<!DOCTYPE html><html><body>{body}<p>9.99</p></body></html>"
    ));
    let text = page.text.expect("always there");
    let lines: Vec<&str> = text.lines().filter(|line| *line != "9.99").collect();
    lines.join("\n")
}

#[test]
fn what_a_browser_shows() {
    for (body, expected) in [
        ("<p>a\n  b<br>c</p><div>d <b>e</b>f</div>", "a b\nc\nd ef"),
        ("a<!-- x --><script>b</script><style>c{}</style>d", "ad"),
        ("<p hidden>x</p><p style='display:none'>y</p>z", "z"),
        (
            "<style>.n{display:none} #m{visibility:hidden}</style><i class=n>x</i><i id=m>y</i>z",
            "z",
        ),
        (
            "<template>x</template><noscript>y</noscript><svg><text>q</text></svg>z",
            "z",
        ),
        ("1&nbsp;234,50&nbsp;&euro; &amp; more", "1 234,50 € & more"),
        ("<pre>a  b\nc</pre>", "a b\nc"),
        (
            "<input type=hidden value=x><input value=y><select><option>1<option selected>2</select>",
            "y2",
        ),
        ("<ul><li>a<li>b</ul>", "a\nb"),
        ("<table><tr><td>a<td>b<tr><td>c<td>d</table>", "a b\nc d"),
        (
            "<table><tfoot><tr><td>sum</tfoot><tbody><tr><td>x</tbody></table>",
            "x\nsum",
        ),
        (
            "<table><tr hidden><td>a</tr><tr><td style='display:none'>b<td>c</table>",
            "c",
        ),
        (
            "<div style='display:flex'><div>a<br>b</div><div>c</div></div>",
            "a c\nb",
        ),
        (
            "<div class=row><div class=col-6>a</div><div class=col-6>b</div></div>",
            "a b",
        ),
        (
            "<div style='float:right'>r</div><div style='float:left'>l</div>",
            "l r",
        ),
        (
            "<div style='display:grid;grid-template-columns:1fr 1fr'><p>a</p><p>b</p><p>c</p><p>d</p></div>",
            "a b\nc d",
        ),
        (
            "<div style='display:flex;flex-direction:column'><p>a</p><p>b</p></div>",
            "a\nb",
        ),
    ] {
        assert_eq!(text(body), expected, "{body}");
    }
}

#[test]
fn rows_beside_each_other_share_their_columns() {
    let row = |a: &str, b: &str| {
        format!("<div style='display:flex'><span>{a}</span><span>{b}</span></div>")
    };
    let page = page_of(&format!(
        "<html><body>{}{}</body></html>",
        row("Item", "Amount"),
        row("A long item", "12.50")
    ));
    let edge = |said: &str| {
        let word = page.words.iter().find(|word| word.text == said);
        word.expect("printed").rect.x1
    };
    assert!((edge("Amount") - edge("12.50")).abs() < 0.01);
}

#[test]
fn pages_with_amounts_only_are_told_by_how_they_begin() {
    for (bytes, is) in [
        ("<!DOCTYPE html><p>12.50", true),
        (
            "\u{feff}\n<?xml version='1.0'?><!-- x --><HTML><p>EUR 5",
            true,
        ),
        ("<html><body>hello</body></html>", false),
        ("<html><style>p{width:12.50em}</style>hello", false),
        ("Dear <html> 12.50", false),
        ("<Invoice>12.50</Invoice>", false),
        ("<!-- <html> 12.50", false),
        ("", false),
    ] {
        assert_eq!(sniff(bytes.as_bytes()), is, "{bytes}");
    }
    let utf16: Vec<u8> = "\u{feff}<html>12.50 €"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert!(sniff(&utf16));
}

#[test]
fn encodings_are_declared_or_guessed() {
    for bytes in [
        &b"<html><meta charset='iso-8859-15'>Summe 12,50 \xa4"[..],
        b"<html><meta charset=utf-8>Summe 12,50 \xe2\x82\xac",
        b"<html><meta charset=\"utf-8\">Summe 12,50 \x80",
        b"<html>Summe 12,50 \x80",
    ] {
        assert!(decode(bytes).ends_with("Summe 12,50 €"), "{bytes:?}");
    }
}

#[test]
fn hostile_pages_are_refused() {
    let code = |html: String| sample::documents(&HTML, html).err().map(|error| error.code);
    let deep = |tag: &str, n: usize| format!("<html>9.99{}", format!("<{tag}>").repeat(n));
    assert_eq!(code(deep("div", 200_000)), Some("TOO_DEEP"));
    assert_eq!(code(deep("b", 200_000)), Some("TOO_DEEP"));
    assert_eq!(code(deep("table><tr><td", 100)), Some("TOO_DEEP"));
    assert_eq!(code(deep("p", 2_000)), None);
    assert_eq!(code(deep("td", 2_000)), None);
    assert_eq!(
        code(format!("<html>9.99 {}", "x".repeat(400_000))),
        Some("TOO_MUCH_TEXT")
    );
    let spans = "<html>9.99<table><tr><td colspan=999999999 rowspan=999999999>x<td>y</table>";
    assert_eq!(code(spans.to_owned()), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_page_panics(html in "(<(/?(div|table|tr|td|p|b|style|select|pre|br)|!--|div style='(display:(flex|none|grid)|float:(left|right))')>|[ a{}:;.€\n]|1[.]50){0,60}") {
        let id = DocId::from_text("f");
        let mut context = Context { id: &id, max_part: usize::MAX, engine: None, page: &mut |_| {} };
        let _ = document(&html, &mut context);
        let _ = sniff(html.as_bytes());
    }
}
