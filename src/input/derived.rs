//! What every structured syntax leaves to be derived the same way: the compared form of the number, the flat account,
//! flags of VAT categories, terms hidden in text, and whether an account is an IBAN.

use super::xml::Element;
use super::xml::fields::{Fields, Place};
use crate::model::{Account, Amount, DiscountTerm, Field, Invoice, Rate};

/// Fills the fields that follow from others.
pub(super) fn complete<P: Place>(f: &mut Fields<'_, P>, invoice: &mut Invoice) {
    invoice.invoice_number_norm = derived(&invoice.invoice_number, |number| {
        let norm: String = number
            .chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_uppercase)
            .collect();
        (!norm.is_empty()).then_some(norm)
    });
    if invoice.invoice_number_norm.is_value() {
        f.repeats("invoice_number_norm", "invoice_number");
    }
    flat_account(f, invoice);
    country(f, invoice);
    categories(f, invoice);
    if let Some(terms) = invoice.payment_terms.text() {
        let from_text = skonto(terms);
        if !from_text.is_empty() {
            let first = invoice.discount_terms.len();
            for index in first..first + from_text.len() {
                f.repeats(&format!("discount_terms[{index}]"), "payment_terms");
            }
            invoice.discount_terms.extend(from_text);
        }
    }
}

fn derived<T, U>(field: &Field<T>, derive: impl FnOnce(&T) -> Option<U>) -> Field<U> {
    match field {
        Field::Absent => Field::Absent,
        Field::Null => Field::Null,
        Field::Value(value) => Field::found(derive(value)),
    }
}

/// `iban` and `bic` repeat the first account.
fn flat_account<P: Place>(f: &mut Fields<'_, P>, invoice: &mut Invoice) {
    let first = invoice
        .payment
        .value()
        .and_then(|payment| payment.accounts.first());
    invoice.iban = Field::found(first.and_then(|account| account.iban.value().cloned()));
    invoice.bic = Field::found(first.and_then(|account| account.bic.value().cloned()));
    for field in ["iban", "bic"] {
        f.repeats(field, &format!("payment.accounts[0].{field}"));
    }
}

/// The vendor's country: that of the address, else that of the VAT id.
fn country<P: Place>(f: &mut Fields<'_, P>, invoice: &mut Invoice) {
    if invoice.country.is_value() {
        return;
    }
    let address = invoice.vendor_address.value();
    if let Some(country) = address.and_then(|address| address.country.value()) {
        invoice.country = Field::Value(country.clone());
        f.repeats("country", "vendor_address.country");
        return;
    }
    let prefix = invoice.vendor_vat.text().and_then(|vat| vat.get(..2));
    invoice.country = Field::found(
        prefix
            .filter(|prefix| prefix.bytes().all(|byte| byte.is_ascii_uppercase()))
            .map(|prefix| if prefix == "EL" { "GR" } else { prefix }.to_owned()),
    );
    if invoice.country.is_value() {
        f.repeats("country", "vendor_vat");
    }
}

/// `reverse_charge` (category AE) and `intra_community` (category K), if the invoice has categories at all.
fn categories<P: Place>(f: &mut Fields<'_, P>, invoice: &mut Invoice) {
    let of_breakdown = invoice
        .vat_breakdown
        .iter()
        .enumerate()
        .map(|(index, vat)| {
            (
                format!("vat_breakdown[{index}].category"),
                vat.category.text(),
            )
        });
    let of_lines = invoice.line_items.iter().enumerate().map(|(index, line)| {
        (
            format!("line_items[{index}].vat_category"),
            line.vat_category.text(),
        )
    });
    let stated: Vec<(String, String)> = of_breakdown
        .chain(of_lines)
        .filter_map(|(path, category)| Some((path, category?.to_owned())))
        .collect();
    let mut flag = |field: &str, code: &str| {
        if stated.is_empty() {
            return Field::Null;
        }
        let place = stated.iter().find(|(_, category)| category == code);
        if let Some((path, _)) = place {
            f.repeats(field, path);
        }
        Field::Value(place.is_some())
    };
    invoice.reverse_charge = flag("reverse_charge", "AE");
    invoice.intra_community = flag("intra_community", "K");
}

/// Purchase orders: the header's first, then those of the lines, each once.
///
/// Peppol demands a reference and has `NA` written where there is none.
pub(super) fn purchase_orders<P: Place>(
    f: &mut Fields<'_, P>,
    invoice: &mut Invoice,
    orders: Vec<P>,
) {
    let mut seen: Vec<String> = Vec::new();
    for element in orders {
        let order = element.text();
        if is_reference(&order) && !seen.contains(&order) {
            f.read_from(&format!("po_references[{}]", seen.len()), element);
            seen.push(order);
        }
    }
    invoice.po_reference = Field::found(seen.first().cloned());
    f.repeats("po_reference", "po_references[0]");
    invoice.po_references = seen;
}

/// Tells a reference from the words that stand for none.
pub(super) fn is_reference(text: &str) -> bool {
    !text.is_empty()
        && !["NA", "N/A"]
            .iter()
            .any(|none| text.eq_ignore_ascii_case(none))
}

/// Appends what a description adds to a name; what says the same is said once.
pub(super) fn say_once(text: &mut String, more: &str) {
    if more.contains(text.as_str()) {
        more.clone_into(text);
    } else if !more.is_empty() && !text.contains(more) {
        text.push('\n');
        text.push_str(more);
    }
}

/// Classification codes, written `scheme:code` where the list they are from is named (BT-158).
pub(super) fn classification<'t>(
    f: &mut Fields<'t>,
    codes: &[Element<'t>],
    scheme: &str,
) -> Vec<String> {
    let mut classification = f.texts("classification", codes.to_vec());
    let lists = codes.iter().filter(|code| !code.text().is_empty());
    for (code, element) in classification.iter_mut().zip(lists) {
        if let Some(list) = element.attribute(scheme) {
            *code = format!("{}:{code}", list.text());
        }
    }
    classification
}

/// A country code in two letters; some national formats write three (ISO 3166-1). One that is not listed stays.
pub(super) fn two_letters(code: &str) -> String {
    const THREE: &str = "ESP:ES PRT:PT FRA:FR DEU:DE ITA:IT GBR:GB IRL:IE NLD:NL BEL:BE LUX:LU AUT:AT CHE:CH POL:PL CZE:CZ \
        SVK:SK HUN:HU SVN:SI HRV:HR ROU:RO BGR:BG GRC:GR CYP:CY MLT:MT DNK:DK SWE:SE NOR:NO FIN:FI ISL:IS EST:EE LVA:LV \
        LTU:LT AND:AD MCO:MC SMR:SM LIE:LI GIB:GI UKR:UA SRB:RS TUR:TR MAR:MA DZA:DZ TUN:TN ISR:IL ARE:AE SAU:SA USA:US \
        CAN:CA MEX:MX BRA:BR ARG:AR CHL:CL COL:CO PER:PE ECU:EC URY:UY VEN:VE PAN:PA CRI:CR DOM:DO CUB:CU CHN:CN HKG:HK \
        TWN:TW JPN:JP KOR:KR IND:IN SGP:SG MYS:MY THA:TH VNM:VN IDN:ID PHL:PH AUS:AU NZL:NZ ZAF:ZA EGY:EG RUS:RU";
    let mut pairs = THREE.split_whitespace();
    pairs
        .find_map(|pair| pair.strip_prefix(code)?.strip_prefix(':'))
        .unwrap_or(code)
        .to_owned()
}

/// Puts an account number where it belongs: as IBAN if it has the form of one or is declared one, else as local number.
pub(super) fn account_number<P: Place>(
    f: &mut Fields<'_, P>,
    account: &mut Account,
    element: Option<P>,
    declared_iban: bool,
) {
    let Some(element) = element else { return };
    let compact: String = element
        .text()
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect();
    if declared_iban || looks_like_iban(&compact) {
        f.read_from("iban", element);
        account.iban = Field::Value(compact.to_uppercase());
    } else {
        account.account_number = f.text("account_number", Some(element));
    }
}

/// Two letters, two digits, 11 to 30 letters or digits: ISO 13616 without the check digits, which a rule checks.
pub(super) fn looks_like_iban(text: &str) -> bool {
    let bytes = text.as_bytes();
    (15..=34).contains(&bytes.len())
        && bytes[..2].iter().all(u8::is_ascii_alphabetic)
        && bytes[2..4].iter().all(u8::is_ascii_digit)
        && bytes.iter().all(u8::is_ascii_alphanumeric)
}

/// The last four digits only: a whole card number is nothing to keep.
pub(super) fn card<'t>(f: &mut Fields<'t>, number: Option<Element<'t>>) -> Field<String> {
    let digits: String = number
        .map(Element::text)
        .unwrap_or_default()
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    let (Some(number), true) = (number, digits.len() >= 4) else {
        return Field::Null;
    };
    f.read_from("card_last4", number);
    Field::Value(digits[digits.len() - 4..].to_owned())
}

/// The discounts that XRechnung writes into the payment terms, a line each:
/// `#SKONTO#TAGE=14#PROZENT=2.25#BASISBETRAG=357.93#` (BR-DE-18; the last key may be missing).
pub(super) fn skonto(terms: &str) -> Vec<DiscountTerm> {
    let lines = terms.lines().map(str::trim);
    lines
        .filter_map(|line| line.strip_prefix("#SKONTO#"))
        .filter_map(|line| {
            let value = |key: &str| {
                line.split('#')
                    .find_map(|part| part.strip_prefix(key)?.strip_prefix('='))
            };
            let percent: Rate = value("PROZENT")?.parse().ok()?;
            let base = value("BASISBETRAG").and_then(|text| text.parse::<Amount>().ok());
            Some(DiscountTerm {
                percent: Field::Value(percent),
                days: Field::found(value("TAGE").and_then(|days| days.parse().ok())),
                due: Field::Null,
                base: Field::found(base),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn discounts_stand_in_lines_of_the_terms() {
        let terms = "Zahlbar in 30 Tagen\n#SKONTO#TAGE=7#PROZENT=2.00#\n#VERZUG#TAGE=30#PROZENT=5.00#\n\
            #SKONTO#TAGE=14#PROZENT=1.50#BASISBETRAG=357.93#\n#SKONTO#TAGE=x#\n";
        let found = skonto(terms);
        assert_eq!(found.len(), 2);
        assert_eq!(
            found[0].percent.get().map(|p| p.to_string()).as_deref(),
            Some("2.00")
        );
        assert_eq!(found[0].days.get(), Some(7));
        assert!(found[0].base == Field::Null);
        assert_eq!(
            found[1].base.get().map(|b| b.to_string()).as_deref(),
            Some("357.93")
        );
    }

    #[test]
    fn accounts_by_their_form() {
        for (text, iban) in [
            ("DE75512108001245126199", true),
            ("de75512108001245126199", true),
            ("NO9386011117947", true),
            ("86011117947", false),
            ("DE7551210800 1245126199", false),
            ("IBAN-NO-GIVEN-HERE", false),
            ("", false),
        ] {
            assert_eq!(looks_like_iban(text), iban, "{text}");
        }
    }

    #[test]
    fn words_for_no_order_are_no_order() {
        for (text, reference) in [
            ("4500", true),
            ("NA", false),
            ("n/a", false),
            ("", false),
            ("NA-1", true),
        ] {
            assert_eq!(is_reference(text), reference, "{text}");
        }
    }
}
