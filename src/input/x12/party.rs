//! Who sells, buys, receives and is paid: `N1` and what stands behind it.

use super::{Edi, all, one, text};
use crate::input::edi::{Datum, Segment};
use crate::input::xml::fields::Place as _;
use crate::lang::lexicon;
use crate::model::{Address, Field, Invoice};

/// What belongs to a party.
const OF_PARTY: &[&str] = &["N2", "N3", "N4", "REF", "PER", "DMG"];
/// Selling party, supplier, vendor, issuer; who is paid, where nobody else is named.
const SELLERS: &[&str] = &["SE", "SU", "VN", "II", "RI", "RE"];
/// Bill-to, buying party.
const BUYERS: &[&str] = &["BT", "BY"];
/// Numbers of taxpayers: federal, state, of the goods and services tax; VAT.
const TAX: &[&str] = &["TJ", "EI", "GT", "4A"];
const VAT: &[&str] = &["VX"];

/// A party: `N1` and the segments behind it.
pub(super) type Party<'t> = &'t [Segment];

/// The parties of a header.
pub(super) fn parties(header: &[Segment]) -> Vec<Party<'_>> {
    let starts = (0..header.len()).filter(|at| header[*at].tag == "N1");
    starts
        .map(|at| {
            let rest = &header[at + 1..];
            let more = rest
                .iter()
                .position(|segment| !OF_PARTY.contains(&segment.tag.as_str()));
            &header[at..=at + more.unwrap_or(rest.len())]
        })
        .collect()
}

fn in_role<'t>(parties: &[Party<'t>], roles: &[&str]) -> Option<Party<'t>> {
    let mut ordered = roles.iter();
    ordered.find_map(|role| {
        let mut all = parties.iter().copied();
        all.find(|party| party[0].get(1, 1) == *role)
    })
}

/// The currency of the seller's country, where the invoice names none: that is what the standard means then. An address
/// without a country, with a state and a ZIP code, is one of the United States.
pub(super) fn currency<'t>(parties: &[Party<'t>]) -> Option<(Datum<'t>, &'static str)> {
    let seller = in_role(parties, SELLERS)?;
    let (place, country) = country(seller)?;
    Some((place, lexicon().currency_of(&country)?))
}

/// The country of an address and where it stands.
fn country(party: Party<'_>) -> Option<(Datum<'_>, String)> {
    let city = all(party, "N4").next()?;
    if let Some(country) = text(city, 4) {
        let code = country.text();
        let two = match code.as_str() {
            "USA" => "US".to_owned(),
            "CAN" => "CA".to_owned(),
            _ => code,
        };
        return Some((country, two));
    }
    let (state, zip) = (city.get(2, 1), city.get(3, 1));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_zip = match zip.split_once('-') {
        Some((five, four)) => five.len() == 5 && four.len() == 4 && digits(five) && digits(four),
        None => matches!(zip.len(), 5 | 9) && digits(zip),
    };
    let is_state = state.len() == 2 && state.bytes().all(|byte| byte.is_ascii_uppercase());
    Some((text(city, 3)?, "US".to_owned())).filter(|_| is_zip && is_state)
}

pub(super) fn read<'t>(
    f: &mut Edi<'t>,
    parties: &[Party<'t>],
    header: &'t [Segment],
    invoice: &mut Invoice,
) {
    let seller = in_role(parties, SELLERS);
    let reference = |party: Option<Party<'t>>, codes: &[&str]| {
        let own = party.and_then(|party| one(party, "REF", codes));
        own.and_then(|reference| text(reference, 2))
    };
    // References in front of all parties are the seller's.
    let general = |codes: &[&str]| {
        let first = header.iter().position(|segment| segment.tag == "N1");
        let front = &header[..first.unwrap_or(header.len())];
        one(front, "REF", codes).and_then(|reference| text(reference, 2))
    };
    invoice.vendor_name = name(f, "vendor_name", seller);
    invoice.vendor_vat = f.text(
        "vendor_vat",
        reference(seller, VAT).or_else(|| general(VAT)),
    );
    invoice.vendor_tax_number = f.text(
        "vendor_tax_number",
        reference(seller, TAX).or_else(|| general(TAX)),
    );
    invoice.vendor_address = address(f, "vendor_address", seller);
    contact(f, seller, header, invoice);
    let buyer = in_role(parties, BUYERS);
    invoice.buyer_name = name(f, "buyer_name", buyer);
    invoice.buyer_vat = f.text("buyer_vat", reference(buyer, VAT));
    invoice.buyer_tax_number = f.text("buyer_tax_number", reference(buyer, TAX));
    invoice.buyer_address = address(f, "buyer_address", buyer);
    let customer = one(header, "REF", &["IT", "AJ", "11"]).and_then(|r| text(r, 2));
    invoice.buyer_id = f.text("buyer_id", customer);
    let place = in_role(parties, &["ST"]);
    invoice.delivery_name = name(f, "delivery_name", place);
    invoice.delivery_address = address(f, "delivery_address", place);
    invoice.ship_from_address = address(f, "ship_from_address", in_role(parties, &["SF"]));
    let payee = in_role(parties, &["RE", "RI"]);
    let is_other =
        |payee: &Party<'t>| seller.is_some_and(|seller| seller[0].get(2, 1) != payee[0].get(2, 1));
    invoice.payee_name = name(f, "payee_name", payee.filter(is_other));
}

/// The name, with the further names of `N2` behind it.
fn name<'t>(f: &mut Edi<'t>, field: &str, party: Option<Party<'t>>) -> Field<String> {
    let Some(party) = party else {
        return Field::Null;
    };
    let more = all(party, "N2").flat_map(|names| [text(names, 1), text(names, 2)]);
    let parts: Vec<_> = std::iter::once(text(&party[0], 2)).chain(more).collect();
    f.joined(field, &parts, " ")
}

fn address<'t>(f: &mut Edi<'t>, field: &str, party: Option<Party<'t>>) -> Field<Address> {
    let Some(party) = party else {
        return Field::Null;
    };
    let city = all(party, "N4").next();
    let lines: Vec<_> = all(party, "N3")
        .flat_map(|street| [text(street, 1), text(street, 2)])
        .flatten()
        .collect();
    if city.is_none() && lines.is_empty() {
        return Field::Null;
    }
    let at = |element| city.and_then(|city| text(city, element));
    Field::Value(f.within(field, |f| {
        let mut address = Address {
            line1: f.text("line1", lines.first().copied()),
            line2: f.text("line2", lines.get(1).copied()),
            line3: f.text("line3", lines.get(2).copied()),
            city: f.text("city", at(1)),
            region: f.text("region", at(2)),
            postcode: f.text("postcode", at(3)),
            country: Field::Null,
        };
        if let Some((place, code)) = country(party) {
            f.read_from("country", place);
            address.country = Field::Value(code);
        }
        address
    }))
}

/// Name, telephone and e-mail address of `PER`: pairs of a kind and a number.
fn contact<'t>(
    f: &mut Edi<'t>,
    seller: Option<Party<'t>>,
    header: &'t [Segment],
    invoice: &mut Invoice,
) {
    let own = seller.and_then(|seller| all(seller, "PER").next());
    let contact = own.or_else(|| {
        let first = header.iter().position(|segment| segment.tag == "N1");
        all(&header[..first.unwrap_or(header.len())], "PER").next()
    });
    invoice.vendor_contact = f.text("vendor_contact", contact.and_then(|per| text(per, 2)));
    let mut reached = |field: &str, kind: &str| {
        let place = contact.and_then(|per| {
            let mut pairs = [3, 5, 7].into_iter();
            let at = pairs.find(|at| per.get(*at, 1) == kind)?;
            text(per, at + 1)
        });
        f.text(field, place)
    };
    invoice.vendor_phone = reached("vendor_phone", "TE");
    invoice.vendor_email = reached("vendor_email", "EM");
}
