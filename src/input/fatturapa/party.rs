//! Seller (`CedentePrestatore`), buyer (`CessionarioCommittente`), tax representative and place of delivery.

use crate::input::xml::Element;
use crate::input::xml::fields::Fields;
use crate::model::{Address, Field, Invoice, TaxRepresentative};

pub(super) fn read<'t>(
    f: &mut Fields<'t>,
    root: Element<'t>,
    body: Element<'t>,
    invoice: &mut Invoice,
) {
    let party = |name: &str| root.at(&format!("FatturaElettronicaHeader/{name}"));
    let seller = party("CedentePrestatore");
    let at = |path: &str| seller.and_then(|seller| seller.at(path));
    invoice.vendor_name = name(f, "vendor_name", seller);
    invoice.vendor_vat = vat_id(f, "vendor_vat", seller);
    invoice.vendor_tax_number = f.text("vendor_tax_number", at("DatiAnagrafici/CodiceFiscale"));
    invoice.vendor_registration = f.joined(
        "vendor_registration",
        &[at("IscrizioneREA/Ufficio"), at("IscrizioneREA/NumeroREA")],
        "-",
    );
    invoice.vendor_address = address(f, "vendor_address", at("Sede"));
    invoice.vendor_email = f.text("vendor_email", at("Contatti/Email"));
    invoice.vendor_phone = f.text("vendor_phone", at("Contatti/Telefono"));
    invoice.buyer_accounting_reference = f.text(
        "buyer_accounting_reference",
        at("RiferimentoAmministrazione"),
    );

    let buyer = party("CessionarioCommittente");
    invoice.buyer_name = name(f, "buyer_name", buyer);
    invoice.buyer_vat = vat_id(f, "buyer_vat", buyer);
    invoice.buyer_tax_number = f.text(
        "buyer_tax_number",
        buyer.and_then(|buyer| buyer.at("DatiAnagrafici/CodiceFiscale")),
    );
    let seat = buyer.and_then(|buyer| buyer.at("Sede"));
    invoice.buyer_address = address(f, "buyer_address", seat);

    let representative = party("RappresentanteFiscale");
    invoice.tax_representative = Field::found(representative.map(|party| {
        f.within("tax_representative", |f| TaxRepresentative {
            name: name(f, "name", Some(party)),
            vat: vat_id(f, "vat", Some(party)),
            address: Field::Absent,
        })
    }));
    let place = body.at("DatiGenerali/DatiTrasporto/IndirizzoResa");
    invoice.delivery_address = address(f, "delivery_address", place);
}

/// The company's name, or first name and surname.
fn name<'t>(f: &mut Fields<'t>, field: &str, party: Option<Element<'t>>) -> Field<String> {
    // The tax representative has its data at the party itself in the schema's first version.
    let person = party.and_then(|party| party.first(&["DatiAnagrafici/Anagrafica", "Anagrafica"]));
    let at = |path: &str| person.and_then(|person| person.at(path));
    match at("Denominazione") {
        Some(company) => f.text(field, Some(company)),
        None => f.joined(field, &[at("Nome"), at("Cognome")], " "),
    }
}

/// Country and number; some repeat the country in the number.
fn vat_id<'t>(f: &mut Fields<'t>, field: &str, party: Option<Element<'t>>) -> Field<String> {
    let id = party.and_then(|party| party.first(&["DatiAnagrafici/IdFiscaleIVA", "IdFiscaleIVA"]));
    let country = id.and_then(|id| id.at("IdPaese"));
    let number = id.and_then(|id| id.at("IdCodice"));
    let repeated = match (country, number) {
        (Some(country), Some(number)) => number.text().starts_with(&country.text()),
        (_, None) => return Field::Null,
        (None, Some(_)) => true,
    };
    if repeated {
        f.text(field, number)
    } else {
        f.joined(field, &[country, number], "")
    }
}

fn address<'t>(f: &mut Fields<'t>, field: &str, place: Option<Element<'t>>) -> Field<Address> {
    let Some(place) = place else {
        return Field::Null;
    };
    let address = f.within(field, |f| Address {
        line1: f.joined(
            "line1",
            &[place.at("Indirizzo"), place.at("NumeroCivico")],
            " ",
        ),
        line2: Field::Null,
        line3: Field::Null,
        city: f.text("city", place.at("Comune")),
        postcode: f.text("postcode", place.at("CAP")),
        region: f.text("region", place.at("Provincia")),
        country: f.text("country", place.at("Nazione")),
    });
    Field::Value(address)
}
