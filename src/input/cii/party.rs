//! Seller, buyer, payee, tax representative and place of delivery.

use super::{Parts, at};
use crate::input::xml::Element;
use crate::input::xml::fields::Fields;
use crate::model::{Address, Endpoint, Field, Invoice, TaxRepresentative};

pub(super) fn read<'t>(f: &mut Fields<'t>, parts: &Parts<'t>, invoice: &mut Invoice) {
    seller(f, at(parts.agreement, &["SellerTradeParty"]), invoice);
    buyer(f, at(parts.agreement, &["BuyerTradeParty"]), invoice);

    let invoicee = at(parts.settlement, &["InvoiceeTradeParty/PostalTradeAddress"]);
    invoice.billing_address = address(f, "billing_address", invoicee);
    let payee = at(parts.settlement, &["PayeeTradeParty"]);
    invoice.payee_name = f.text("payee_name", at(payee, NAME));
    invoice.payee_id = f.text(
        "payee_id",
        at(payee, &["ID", "GlobalID", "SpecifiedLegalOrganization/ID"]),
    );

    let representative = at(parts.agreement, &["SellerTaxRepresentativeTradeParty"]);
    invoice.tax_representative = Field::found(representative.map(|party| {
        f.within("tax_representative", |f| TaxRepresentative {
            name: f.text("name", party.first(NAME)),
            vat: f.text("vat", registered(Some(party), is_vat)),
            address: address(f, "address", party.at("PostalTradeAddress")),
        })
    }));

    let ship_to = at(parts.delivery, &["ShipToTradeParty"]);
    invoice.delivery_name = f.text("delivery_name", at(ship_to, NAME));
    let place = at(ship_to, &["PostalTradeAddress"]);
    invoice.delivery_address = address(f, "delivery_address", place);
    let from = at(parts.delivery, &["ShipFromTradeParty/PostalTradeAddress"]);
    invoice.ship_from_address = address(f, "ship_from_address", from);
}

/// The registered name, else the trading name.
const NAME: &[&str] = &["Name", "SpecifiedLegalOrganization/TradingBusinessName"];

fn seller<'t>(f: &mut Fields<'t>, party: Option<Element<'t>>, invoice: &mut Invoice) {
    invoice.vendor_name = f.text("vendor_name", at(party, NAME));
    let trading = at(party, &["SpecifiedLegalOrganization/TradingBusinessName"])
        .filter(|trading| Some(trading.text().as_str()) != invoice.vendor_name.text());
    invoice.vendor_trading_name = f.text("vendor_trading_name", trading);
    invoice.vendor_vat = f.text("vendor_vat", registered(party, is_vat));
    invoice.vendor_tax_number = f.text("vendor_tax_number", registered(party, is_local));
    invoice.vendor_registration = f.text(
        "vendor_registration",
        at(party, &["SpecifiedLegalOrganization/ID", "ID", "GlobalID"]),
    );
    invoice.vendor_address = address(f, "vendor_address", at(party, &["PostalTradeAddress"]));
    let contact = at(party, &["DefinedTradeContact"]);
    invoice.vendor_email = f.text(
        "vendor_email",
        at(
            contact,
            &[
                "EmailURIUniversalCommunication/URIID",
                "EmailURIUniversalCommunication/CompleteNumber",
            ],
        ),
    );
    invoice.vendor_phone = f.text(
        "vendor_phone",
        at(contact, &["TelephoneUniversalCommunication/CompleteNumber"]),
    );
    invoice.vendor_contact = f.text(
        "vendor_contact",
        at(contact, &["PersonName", "DepartmentName"]),
    );
    let endpoint = at(party, &["URIUniversalCommunication/URIID"]);
    invoice.vendor_endpoint = Field::found(endpoint.map(|id| {
        f.within("vendor_endpoint", |f| Endpoint {
            scheme: f.text("scheme", id.attribute("schemeID")),
            id: f.text("id", Some(id)),
        })
    }));
}

fn buyer<'t>(f: &mut Fields<'t>, party: Option<Element<'t>>, invoice: &mut Invoice) {
    invoice.buyer_name = f.text("buyer_name", at(party, NAME));
    invoice.buyer_id = f.text("buyer_id", at(party, &["ID", "GlobalID"]));
    invoice.buyer_vat = f.text("buyer_vat", registered(party, is_vat));
    invoice.buyer_tax_number = f.text("buyer_tax_number", registered(party, is_local));
    invoice.buyer_registration = f.text(
        "buyer_registration",
        at(party, &["SpecifiedLegalOrganization/ID"]),
    );
    invoice.buyer_address = address(f, "buyer_address", at(party, &["PostalTradeAddress"]));
}

/// The first tax registration of a kind.
fn registered(party: Option<Element<'_>>, kind: fn(&str) -> bool) -> Option<Element<'_>> {
    super::all(party, "SpecifiedTaxRegistration/ID")
        .into_iter()
        .find(|id| !id.text().is_empty() && kind(&id.text_at("@schemeID")))
}

/// `VA` is the VAT id.
fn is_vat(scheme: &str) -> bool {
    scheme.eq_ignore_ascii_case("VA") || scheme.eq_ignore_ascii_case("VAT")
}

/// Every other scheme (`FC`) is a local tax number.
fn is_local(scheme: &str) -> bool {
    !is_vat(scheme)
}

/// A postal address; `null` if the element is missing or says nothing.
fn address<'t>(f: &mut Fields<'t>, field: &str, place: Option<Element<'t>>) -> Field<Address> {
    let Some(place) = place else {
        return Field::Null;
    };
    // Some write the street by its own name instead of as a first line.
    let street = place.first(&["LineOne", "StreetName"]);
    let address = f.within(field, |f| Address {
        line1: f.text("line1", street),
        line2: f.text("line2", place.at("LineTwo")),
        line3: f.text("line3", place.at("LineThree")),
        city: f.text("city", place.at("CityName")),
        postcode: f.text("postcode", place.at("PostcodeCode")),
        region: f.text("region", place.at("CountrySubDivisionName")),
        country: f.text("country", place.at("CountryID")),
    });
    Field::Value(address)
}
