//! Tests of the module above.

use super::*;

#[test]
fn decimals_as_xml_schema_writes_them() {
    for (text, expected) in [
        ("1", Some("1")),
        ("+1.50", Some("1.50")),
        ("-.5", Some("-0.5")),
        ("5.", Some("5")),
        ("1234567890123.123456", Some("1234567890123.123456")),
        ("1,5", None),
        ("1 000", None),
        ("EUR 1", None),
        ("", None),
        ("NaN", None),
    ] {
        let value = decimal::<Quantity>(text).map(|value| value.to_string());
        assert_eq!(value.as_deref(), expected, "{text}");
    }
}

#[test]
fn dates_with_and_without_zone() {
    for (text, expected) in [
        ("2026-01-15", Some("2026-01-15")),
        ("2026-01-15Z", Some("2026-01-15")),
        ("2026-01-15+01:00", Some("2026-01-15")),
        ("2026-01-15T00:00:00", Some("2026-01-15")),
        ("20260115", Some("2026-01-15")),
        ("202601151030", Some("2026-01-15")),
        ("2026-02-30", None),
        ("15.01.2026", None),
        ("2026-01-155", None),
        ("2026-01-1é", None),
        ("", None),
    ] {
        let value = date(text).map(|value| value.to_string());
        assert_eq!(value.as_deref(), expected, "{text}");
    }
}

#[test]
fn sums_that_no_decimal_holds_are_said_not_made() {
    let most = "<a>79228162514264337593543950335</a>";
    let text = format!("<i>{most}{most}<b>1.5</b><b>2</b></i>");
    let tree = Tree::parse(&text).expect("parses");
    let mut fields = Fields::new(&tree, None);
    assert!(fields.add_up("none", &tree.root().all("c")) == Field::Null);
    assert!(fields.add_up("most", &tree.root().all("a")) == Field::Null);
    let sum = fields.add_up("sum", &tree.root().all("b")).get();
    assert_eq!(sum.expect("a sum").to_string(), "3.50");
    let reading = fields.finish(Invoice::default());
    assert_eq!(reading.warnings.len(), 1);
    let evidence = &reading.structured.evidence["sum"];
    assert_eq!(evidence.text.as_deref(), Some("/i/b[1] + /i/b[2]"));
}

#[test]
fn every_value_has_its_path_and_what_is_unreadable_is_said() {
    let tree = Tree::parse("<i><n> A  1 </n><t>1.5</t><d>soon</d><e/></i>").expect("parses");
    let mut fields = Fields::new(&tree, Some("EUR".to_owned()));
    let root = tree.root();
    assert_eq!(fields.text("number", root.at("n")).text(), Some("A 1"));
    let total = fields.within("lines[0]", |f| f.amount("total", root.at("t")));
    assert_eq!(total.get().expect("a value").to_string(), "1.50");
    assert!(fields.date("due", root.at("d")) == Field::Null);
    assert!(fields.text("none", root.at("e")) == Field::Null);
    let reading = fields.finish(Invoice::default());
    let paths: Vec<_> = reading.structured.evidence.keys().collect();
    assert_eq!(paths, ["lines[0].total", "number"]);
    let evidence = &reading.structured.evidence["lines[0].total"];
    assert_eq!(evidence.text.as_deref(), Some("/i/t"));
    assert_eq!(evidence.method, Some(Method::Xml));
    assert_eq!(reading.warnings[0].code, "UNREADABLE_VALUE");
    assert_eq!(reading.warnings[0].message, "`/i/d` is not a date");
    let document = reading.into_document(&DocId::from_text("x"));
    let ocr = document.ocr.expect("always there");
    assert_eq!(ocr.engine.as_deref(), Some("xml"));
}
