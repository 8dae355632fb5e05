//! Seller, buyer, payee, tax representative and place of delivery.

use crate::input::xml::Element;
use crate::input::xml::fields::Fields;
use crate::model::{Address, Endpoint, Field, Invoice, TaxRepresentative};

pub(super) fn read<'t>(f: &mut Fields<'t>, root: Element<'t>, invoice: &mut Invoice) {
    seller(f, root, invoice);
    buyer(f, root, invoice);

    let payee = root.at("PayeeParty");
    invoice.payee_name = f.text("payee_name", payee.and_then(name));
    invoice.payee_id = f.text(
        "payee_id",
        payee.and_then(|party| {
            identification(party).or_else(|| party.at("PartyLegalEntity/CompanyID"))
        }),
    );

    let representative = root.at("TaxRepresentativeParty");
    invoice.tax_representative = Field::found(representative.map(|party| {
        f.within("tax_representative", |f| TaxRepresentative {
            name: f.text("name", name(party)),
            vat: f.text("vat", vat_id(party)),
            address: address(f, "address", party.at("PostalAddress")),
        })
    }));

    invoice.delivery_name = f.text(
        "delivery_name",
        root.first(&[
            "Delivery/DeliveryParty/PartyName/Name",
            "Delivery/DeliveryLocation/Name",
        ]),
    );
    let place = root.first(&[
        "Delivery/DeliveryLocation/Address",
        "Delivery/DeliveryAddress",
        "Delivery/DeliveryParty/PostalAddress",
    ]);
    invoice.delivery_address = address(f, "delivery_address", place);
    let from = root.at("Delivery/Despatch/DespatchAddress");
    invoice.ship_from_address = address(f, "ship_from_address", from);
}

fn seller<'t>(f: &mut Fields<'t>, root: Element<'t>, invoice: &mut Invoice) {
    let party = root.first(&["AccountingSupplierParty/Party", "SellerSupplierParty/Party"]);
    let at = |path: &str| party.and_then(|party| party.at(path));
    invoice.vendor_name = f.text("vendor_name", party.and_then(name));
    let trading = at("PartyName/Name")
        .filter(|trading| Some(trading.text().as_str()) != invoice.vendor_name.text());
    invoice.vendor_trading_name = f.text("vendor_trading_name", trading);
    invoice.vendor_vat = f.text("vendor_vat", party.and_then(vat_id));
    invoice.vendor_tax_number = f.text("vendor_tax_number", party.and_then(tax_number));
    let registered = party.and_then(registration);
    let registered = registered.or_else(|| party.and_then(identification));
    invoice.vendor_registration = f.text("vendor_registration", registered);
    let address_of = party.and_then(postal_address);
    invoice.vendor_address = address(f, "vendor_address", address_of);
    invoice.vendor_email = f.text("vendor_email", at("Contact/ElectronicMail"));
    invoice.vendor_phone = f.text("vendor_phone", at("Contact/Telephone"));
    invoice.vendor_website = f.text("vendor_website", at("WebsiteURI"));
    invoice.vendor_contact = f.text("vendor_contact", at("Contact/Name"));
    invoice.vendor_endpoint = Field::found(at("EndpointID").map(|id| {
        f.within("vendor_endpoint", |f| Endpoint {
            scheme: f.text("scheme", id.attribute("schemeID")),
            id: f.text("id", Some(id)),
        })
    }));
}

fn buyer<'t>(f: &mut Fields<'t>, root: Element<'t>, invoice: &mut Invoice) {
    let customer = root.first(&["AccountingCustomerParty", "BuyerCustomerParty"]);
    let account = customer.and_then(|customer| {
        customer.first(&["SupplierAssignedAccountID", "CustomerAssignedAccountID"])
    });
    invoice.buyer_account = f.text("buyer_account", account);
    let party = customer.and_then(|customer| customer.at("Party"));
    invoice.buyer_name = f.text("buyer_name", party.and_then(name));
    invoice.buyer_id = f.text("buyer_id", party.and_then(identification));
    invoice.buyer_vat = f.text("buyer_vat", party.and_then(vat_id));
    invoice.buyer_tax_number = f.text("buyer_tax_number", party.and_then(tax_number));
    invoice.buyer_registration = f.text("buyer_registration", party.and_then(registration));
    let address_of = party.and_then(postal_address);
    invoice.buyer_address = address(f, "buyer_address", address_of);
}

/// The registered name; parties without one have a trading name, natural persons their own, and the least careful files
/// only that of the tax scheme.
fn name(party: Element<'_>) -> Option<Element<'_>> {
    party.first(&[
        "PartyLegalEntity/RegistrationName",
        "PartyName/Name",
        "PartyTaxScheme/RegistrationName",
        "Person/FamilyName",
        "Contact/Name",
    ])
}

/// Where a party lives; some put it only at its legal entity or its tax scheme.
fn postal_address(party: Element<'_>) -> Option<Element<'_>> {
    party.first(&[
        "PostalAddress",
        "PartyLegalEntity/RegistrationAddress",
        "PartyTaxScheme/RegistrationAddress",
        "PhysicalLocation/Address",
    ])
}

/// The party's id, but for the creditor id of a direct debit, which is no id of the party (BT-90).
fn identification(party: Element<'_>) -> Option<Element<'_>> {
    let mut ids = party.all("PartyIdentification/ID").into_iter();
    ids.find(|id| !id.text().is_empty() && id.text_at("@schemeID") != "SEPA")
}

fn registration(party: Element<'_>) -> Option<Element<'_>> {
    party
        .at("PartyLegalEntity/CompanyID")
        .filter(|id| !declared_vat(*id))
}

/// The id of the tax scheme `VAT`; other schemes are local tax numbers.
///
/// Dialects older than EN 16931 declare it by the id's own scheme (`NL:VAT`, `BE:VAT`) or name the scheme 63 (OIOUBL).
fn vat_id(party: Element<'_>) -> Option<Element<'_>> {
    let schemes = party.all("PartyTaxScheme");
    let mut of_scheme = schemes
        .iter()
        .filter(|scheme| is_vat(**scheme))
        .filter_map(|scheme| scheme.at("CompanyID"));
    of_scheme.next().or_else(|| {
        party
            .all("PartyLegalEntity/CompanyID")
            .into_iter()
            .chain(party.all("PartyIdentification/ID"))
            .find(|id| declared_vat(*id) && !id.text().is_empty())
    })
}

fn is_vat(scheme: Element<'_>) -> bool {
    let named = scheme.text_at("TaxScheme/ID").to_uppercase();
    let company = scheme.at("CompanyID");
    match named.as_str() {
        "VAT" | "63" => true,
        // No scheme is named: the id may say so itself, or be the only one there is.
        "" => company.is_some_and(|id| declared_vat(id) || id.text_at("@schemeID").is_empty()),
        _ => false,
    }
}

fn declared_vat(id: Element<'_>) -> bool {
    let scheme = id.text_at("@schemeID").to_uppercase();
    scheme == "VAT" || scheme.ends_with(":VAT")
}

fn tax_number(party: Element<'_>) -> Option<Element<'_>> {
    let schemes = party.all("PartyTaxScheme");
    let mut others = schemes.iter().filter(|scheme| !is_vat(**scheme));
    others.find_map(|scheme| scheme.at("CompanyID"))
}

/// A postal address; `null` if the element is missing or says nothing.
pub(super) fn address<'t>(
    f: &mut Fields<'t>,
    field: &str,
    element: Option<Element<'t>>,
) -> Field<Address> {
    let Some(place) = element else {
        return Field::Null;
    };
    f.within(field, |f| {
        let lines = place.all("AddressLine/Line");
        let mut address = Address {
            line1: f.text("line1", place.first(&["StreetName", "Postbox"])),
            line2: f.text("line2", place.at("AdditionalStreetName")),
            line3: f.text("line3", lines.first().copied()),
            city: f.text("city", place.at("CityName")),
            postcode: f.text("postcode", place.at("PostalZone")),
            region: f.text(
                "region",
                place.first(&["CountrySubentity", "CountrySubentityCode", "Region"]),
            ),
            country: f.text("country", place.at("Country/IdentificationCode")),
        };
        // Nordic dialects keep the house number apart from the street.
        if let (Some(street), Some(number)) =
            (address.line1.value_mut(), place.at("BuildingNumber"))
        {
            street.push(' ');
            street.push_str(&number.text());
        }
        // Unstructured addresses have lines only.
        if !address.line1.is_value() && !lines.is_empty() {
            address.line1 = f.text("line1", lines.first().copied());
            address.line2 = f.text("line2", lines.get(1).copied());
            address.line3 = f.text("line3", lines.get(2).copied());
        }
        let parts = [
            &address.line1,
            &address.line2,
            &address.line3,
            &address.city,
            &address.postcode,
            &address.region,
            &address.country,
        ];
        let nothing = parts.iter().all(|part| !part.is_value());
        Field::found((!nothing).then_some(address))
    })
}
