//! Who sells, buys, receives and is paid.

use super::{Edi, Part};
use crate::input::derived;
use crate::input::edi::{Datum, Segment};
use crate::model::{Account, Address, Endpoint, Field, Invoice, Payment};

/// What belongs to a party.
const OF_PARTY: &[&str] = &["LOC", "FII", "RFF", "DTM", "DOC", "CTA", "COM"];
/// Seller, supplier, issuer of the invoice: in this order.
const SELLERS: &[&str] = &["SE", "SU", "II"];
/// Buyer, invoicee.
const BUYERS: &[&str] = &["BY", "IV"];
/// Banks that the seller is paid at: receiving, beneficiary's.
const BANKS: &[&str] = &["RB", "BF", "RH"];
/// UNTDID 3055: GS1 numbers its companies (GLN), which Peppol calls scheme 0088; ISO hands out BICs.
const GS1: &str = "9";

pub(super) fn read<'t>(f: &mut Edi<'t>, header: Part<'t>, invoice: &mut Invoice) {
    let parties = header.groups("NAD", OF_PARTY);
    let in_role = |roles: &[&str]| -> Vec<Part<'t>> {
        let found = roles.iter().flat_map(|role| {
            let all = parties.iter().copied();
            all.filter(move |party| party.0[0].get(1, 1) == *role)
        });
        found.collect()
    };
    vendor(f, &in_role(SELLERS), invoice);
    buyer(f, &in_role(BUYERS), invoice);
    let delivery = named(&in_role(&["DP", "ST", "UC"]));
    invoice.delivery_name = name(f, "delivery_name", delivery);
    invoice.delivery_address = address(f, "delivery_address", delivery);
    let payee = in_role(&["PE", "PR"]).into_iter().next();
    let is_payee = payee.is_some_and(|party| party.0[0].is("NAD", &["PE"]));
    let payee = payee.filter(|_| is_payee);
    invoice.payee_name = name(f, "payee_name", payee);
    invoice.payee_id = f.text(
        "payee_id",
        payee.and_then(|party| Datum::text(&party.0[0], 2, 1)),
    );
    let banks = header.all("FII").filter(|bank| bank.is("FII", BANKS));
    invoice.payment = payment(f, header, banks.collect());
}

fn vendor<'t>(f: &mut Edi<'t>, sellers: &[Part<'t>], invoice: &mut Invoice) {
    let seller = named(sellers);
    let reference = |codes: &[&str]| sellers.iter().find_map(|party| party.reference(codes));
    invoice.vendor_name = name(f, "vendor_name", seller);
    invoice.vendor_vat = f.text("vendor_vat", reference(&["VA"]));
    invoice.vendor_tax_number = f.text("vendor_tax_number", reference(&["FC", "AHP"]));
    invoice.vendor_registration = f.text("vendor_registration", reference(&["XA", "GN"]));
    invoice.vendor_address = address(f, "vendor_address", seller);
    invoice.vendor_endpoint = endpoint(f, seller);
    let contact = seller.and_then(|party| party.all("CTA").next());
    invoice.vendor_contact = f.text(
        "vendor_contact",
        contact.and_then(|contact| Datum::text(contact, 2, 2)),
    );
    let mut reached = |field: &str, channel: &str| {
        let all = seller.into_iter().flat_map(|party| party.all("COM"));
        let mut same = all.filter(|com| com.get(1, 2) == channel);
        f.text(field, same.find_map(|com| Datum::text(com, 1, 1)))
    };
    invoice.vendor_email = reached("vendor_email", "EM");
    invoice.vendor_phone = reached("vendor_phone", "TE");
}

fn buyer<'t>(f: &mut Edi<'t>, buyers: &[Part<'t>], invoice: &mut Invoice) {
    let buyer = named(buyers);
    let reference = |codes: &[&str]| buyers.iter().find_map(|party| party.reference(codes));
    invoice.buyer_name = name(f, "buyer_name", buyer);
    invoice.buyer_vat = f.text("buyer_vat", reference(&["VA"]));
    invoice.buyer_tax_number = f.text("buyer_tax_number", reference(&["FC", "AHP"]));
    invoice.buyer_registration = f.text("buyer_registration", reference(&["XA", "GN"]));
    invoice.buyer_id = f.text("buyer_id", reference(&["IT", "API"]));
    invoice.buyer_address = address(f, "buyer_address", buyer);
    let invoicee = buyers
        .iter()
        .copied()
        .find(|party| party.0[0].is("NAD", &["IV"]));
    let apart = invoicee.filter(|invoicee| buyer.is_some_and(|buyer| buyer.0[0] != invoicee.0[0]));
    invoice.billing_address = address(f, "billing_address", apart);
}

/// The first of the parties that has a name, else the first: many are nothing but a number.
fn named<'t>(parties: &[Part<'t>]) -> Option<Part<'t>> {
    let has_name =
        |party: &&Part<'t>| !party.0[0].get(4, 1).is_empty() || !party.0[0].get(3, 1).is_empty();
    let found = parties.iter().find(has_name);
    found.or(parties.first()).copied()
}

/// The name: structured (C080), else the first line of the unstructured address (C058).
fn name<'t>(f: &mut Edi<'t>, field: &str, party: Option<Part<'t>>) -> Field<String> {
    let Some(party) = party.map(|party| &party.0[0]) else {
        return Field::Null;
    };
    if party.get(4, 1).is_empty() {
        return f.text(field, Datum::text(party, 3, 1));
    }
    // The sixth component is the format of the name.
    let parts: Vec<_> = (1..=5).map(|n| Datum::text(party, 4, n)).collect();
    f.joined(field, &parts, " ")
}

fn address<'t>(f: &mut Edi<'t>, field: &str, party: Option<Part<'t>>) -> Field<Address> {
    let Some(party) = party.map(|party| &party.0[0]) else {
        return Field::Null;
    };
    // Streets in lines of their own, else behind the name in the unstructured address, or all of that.
    let (element, from) = match (party.get(5, 1), party.get(4, 1)) {
        ("", "") => (3, 2),
        ("", _) => (3, 1),
        _ => (5, 1),
    };
    let places = [(element, from), (6, 1), (8, 1), (9, 1)];
    if places
        .iter()
        .all(|(element, at)| party.get(*element, *at).is_empty())
    {
        return Field::Null;
    }
    let line = |n| Datum::text(party, element, from + n);
    Field::Value(f.within(field, |f| Address {
        line1: f.text("line1", line(0)),
        line2: f.text("line2", line(1)),
        line3: f.text("line3", line(2)),
        city: f.text("city", Datum::text(party, 6, 1)),
        region: f.text("region", region(party)),
        postcode: f.text("postcode", Datum::text(party, 8, 1)),
        country: f.text("country", Datum::text(party, 9, 1)),
    }))
}

/// The region: a code, in later directories the name behind it.
fn region(party: &Segment) -> Option<Datum<'_>> {
    Datum::text(party, 7, 4).or_else(|| Datum::text(party, 7, 1))
}

fn endpoint<'t>(f: &mut Edi<'t>, party: Option<Part<'t>>) -> Field<Endpoint> {
    let party = party.map(|party| &party.0[0]);
    let id = party.filter(|party| party.get(2, 3) == GS1 && !party.get(2, 1).is_empty());
    Field::found(id.map(|party| {
        f.within("vendor_endpoint", |f| Endpoint {
            scheme: Field::Value("0088".to_owned()),
            id: f.text("id", Datum::text(party, 2, 1)),
        })
    }))
}

fn payment<'t>(f: &mut Edi<'t>, header: Part<'t>, banks: Vec<&'t Segment>) -> Field<Payment> {
    let means = header.all("PAI").next();
    let reference = header.reference(&["PQ"]);
    if banks.is_empty() && means.is_none() && reference.is_none() {
        return Field::Null;
    }
    Field::Value(f.within("payment", |f| {
        Payment {
            means_code: f.text("means_code", means.and_then(|pai| Datum::text(pai, 1, 3))),
            reference: f.text("reference", reference),
            accounts: banks
                .into_iter()
                .enumerate()
                .map(|(index, bank)| f.within(&format!("accounts[{index}]"), |f| account(f, bank)))
                .collect(),
            ..Payment::default()
        }
    }))
}

/// An account: number and holder (C078), bank (C088). A bank's id of eight or eleven letters and digits is a BIC.
fn account<'t>(f: &mut Edi<'t>, bank: &'t Segment) -> Account {
    let id = Datum::text(bank, 3, 1);
    let code = bank.get(3, 1);
    let is_bic = matches!(code.len(), 8 | 11)
        && code.bytes().take(6).all(|byte| byte.is_ascii_uppercase())
        && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let (bic, number) = if is_bic { (id, None) } else { (None, id) };
    let mut account = Account {
        bic: f.text("bic", bic),
        bank_number: f.text("bank_number", number.or_else(|| Datum::text(bank, 3, 4))),
        account_name: f.text("account_name", Datum::text(bank, 2, 2)),
        bank_name: f.text("bank_name", Datum::text(bank, 3, 7)),
        ..Account::default()
    };
    derived::account_number(f, &mut account, Datum::text(bank, 2, 1), false);
    account
}
