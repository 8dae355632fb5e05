//! FA(2) and FA(3), the structured invoices of the Polish system `KSeF`.
//!
//! Bases and VAT stand in numbered fields, one pair for each group of rates; their sums are net and VAT. Lines may carry
//! gross prices. A correction may repeat its lines as they were before: those are no lines of this invoice.

use serde_json::{Map, Value};

use super::xml::fields::{Fields, Reading};
use super::xml::{self, Element, Tree, prolog};
use super::{Context, Reader, derived};
use crate::model::{
    Account, Address, Document, Field, Invoice, LineItem, Payment, PrecedingInvoice, Rate,
    VatBreakdown,
};
use crate::stage::StageError;

/// `KSeF`.
pub(super) const KSEF: Reader = Reader {
    name: "ksef",
    media_type: "application/xml",
    extension: "xml",
    reads: "KSeF FA(2) and FA(3) (Poland)",
    sniff,
    read,
};

/// `RodzajFaktury` as UNTDID 1001.
const KINDS: &[(&str, &str)] = &[
    ("VAT", "380"),
    ("UPR", "380"),
    ("ROZ", "380"),
    ("ZAL", "386"),
    ("KOR", "384"),
    ("KOR_ZAL", "384"),
    ("KOR_ROZ", "384"),
];
/// `FormaPlatnosci` as UNTDID 4461.
const MEANS: &[(&str, &str)] = &[
    ("1", "10"),
    ("2", "48"),
    ("4", "20"),
    ("6", "30"),
    ("7", "68"),
];
/// `P_12`, the rate of a line, as category of UNTDID 5305, where it is not a plain percentage.
const CATEGORIES: &[(&str, &str)] = &[
    ("0 KR", "Z"),
    ("0 WDT", "K"),
    ("0 EX", "G"),
    ("zw", "E"),
    ("oo", "AE"),
    ("np I", "O"),
    ("np II", "AE"),
];

/// A group of rates: base, VAT, VAT in złoty, rates that fall under it, category.
struct Group(
    &'static str,
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static str,
);

const GROUPS: &[Group] = &[
    Group("P_13_1", "P_14_1", "P_14_1W", &["23", "22"], "S"),
    Group("P_13_2", "P_14_2", "P_14_2W", &["8", "7"], "S"),
    Group("P_13_3", "P_14_3", "P_14_3W", &["5"], "S"),
    Group("P_13_4", "P_14_4", "P_14_4W", &["4", "3"], "S"),
    Group("P_13_5", "P_14_5", "", &[], "S"),
    Group("P_13_6_1", "", "", &["0 KR"], "Z"),
    Group("P_13_6_2", "", "", &["0 WDT"], "K"),
    Group("P_13_6_3", "", "", &["0 EX"], "G"),
    Group("P_13_7", "", "", &[], "E"),
    Group("P_13_8", "", "", &[], "O"),
    Group("P_13_9", "", "", &[], "AE"),
    Group("P_13_10", "", "", &[], "AE"),
    Group("P_13_11", "", "", &[], "E"),
];

fn sniff(bytes: &[u8]) -> bool {
    prolog::root_is(bytes, &[("http://crd.gov.pl/wzor/", "Faktura")])
}

fn read(bytes: &[u8], context: &mut Context<'_>) -> Result<Vec<Document>, StageError> {
    let text = xml::decode(bytes)?;
    let tree = Tree::parse(&text)?;
    let root = tree.root();
    let Some(body) = root.at("Fa") else {
        return Err(StageError::input(
            "UNSUPPORTED_TYPE",
            "the `Faktura` has no `Fa`: it is of another form than FA",
        ));
    };
    Ok(vec![invoice(&tree, root, body).into_document(context.id)])
}

fn invoice<'t>(tree: &'t Tree<'t>, root: Element<'t>, body: Element<'t>) -> Reading {
    let currency = body.at("KodWaluty").map(Element::text);
    let mut f = Fields::new(tree, currency);
    let mut invoice = Invoice::default();
    header(&mut f, root, body, &mut invoice);
    parties(&mut f, root, &mut invoice);
    totals(&mut f, body, &mut invoice);
    payment(&mut f, body.at("Platnosc"), &mut invoice);
    let (before, now): (Vec<_>, Vec<_>) = body
        .all("FaWiersz")
        .into_iter()
        .partition(|line| line.text_at("StanPrzed") == "1");
    if !before.is_empty() {
        let count = before.len();
        f.warn(
            "CORRECTED_STATE",
            format!("{count} lines show the state before the correction and are left out"),
        );
    }
    invoice.line_items = f.list("line_items", now, line_item);
    derived::complete(&mut f, &mut invoice);
    f.finish(invoice)
}

fn header<'t>(f: &mut Fields<'t>, root: Element<'t>, body: Element<'t>, invoice: &mut Invoice) {
    invoice.invoice_number = f.text("invoice_number", body.at("P_2"));
    invoice.document_type = f.code("document_type", body.at("RodzajFaktury"), KINDS);
    // A correction that gives money back is what others call a credit note.
    let corrects = invoice.document_type.text() == Some("384");
    if corrects && body.text_at("P_15").starts_with('-') {
        invoice.document_type = Field::Value("381".to_owned());
    }
    invoice.invoice_date = f.date("invoice_date", body.at("P_1"));
    invoice.delivery_date = f.date("delivery_date", body.at("P_6"));
    invoice.period_start = f.date("period_start", body.at("OkresFa/P_6_Od"));
    invoice.period_end = f.date("period_end", body.at("OkresFa/P_6_Do"));
    invoice.currency = f.text("currency", body.at("KodWaluty"));
    invoice.exchange_rate = f.quantity(
        "exchange_rate",
        body.first(&["KursWalutyZ", "FaWiersz/KursWaluty"]),
    );
    invoice.profile = f.text("profile", root.at("Naglowek/KodFormularza/@kodSystemowy"));
    let terms = body.at("WarunkiTransakcji");
    let at = |path: &str| terms.and_then(|terms| terms.at(path));
    let orders = terms.map(|terms| terms.all("Zamowienia/NrZamowienia"));
    derived::purchase_orders(f, invoice, orders.unwrap_or_default());
    invoice.order_date = f.date("order_date", at("Zamowienia/DataZamowienia"));
    invoice.contract_reference = f.text("contract_reference", at("Umowy/NrUmowy"));
    invoice.despatch_reference = f.text("despatch_reference", body.at("WZ"));
    invoice.preceding_invoices = f.list(
        "preceding_invoices",
        body.all("DaneFaKorygowanej"),
        |f, corrected| PrecedingInvoice {
            number: f.text("number", corrected.at("NrFaKorygowanej")),
            date: f.date("date", corrected.at("DataWystFaKorygowanej")),
        },
    );
    let mut notes = body.all("PrzyczynaKorekty");
    notes.extend(body.all("DodatkowyOpis/Wartosc"));
    notes.extend(root.all("Stopka/Informacje/StopkaFaktury"));
    invoice.notes = f.texts("notes", notes);
}

fn parties<'t>(f: &mut Fields<'t>, root: Element<'t>, invoice: &mut Invoice) {
    let seller = root.at("Podmiot1");
    let at = |path: &str| seller.and_then(|seller| seller.at(path));
    invoice.vendor_name = f.text("vendor_name", at("DaneIdentyfikacyjne/Nazwa"));
    invoice.vendor_vat = f.joined(
        "vendor_vat",
        &[at("PrefiksPodatnika"), at("DaneIdentyfikacyjne/NIP")],
        "",
    );
    invoice.vendor_registration = f.text(
        "vendor_registration",
        root.first(&["Stopka/Rejestry/KRS", "Stopka/Rejestry/REGON"]),
    );
    invoice.vendor_address = address(f, "vendor_address", at("Adres"));
    invoice.vendor_email = f.text("vendor_email", at("DaneKontaktowe/Email"));
    invoice.vendor_phone = f.text("vendor_phone", at("DaneKontaktowe/Telefon"));
    let buyer = root.at("Podmiot2");
    let at = |path: &str| buyer.and_then(|buyer| buyer.at(path));
    invoice.buyer_name = f.text("buyer_name", at("DaneIdentyfikacyjne/Nazwa"));
    invoice.buyer_vat = match at("DaneIdentyfikacyjne/NIP") {
        Some(nip) => f.text("buyer_vat", Some(nip)),
        None => f.joined(
            "buyer_vat",
            &[
                at("DaneIdentyfikacyjne/KodUE"),
                at("DaneIdentyfikacyjne/NrVatUE"),
            ],
            "",
        ),
    };
    invoice.buyer_id = f.text("buyer_id", at("NrKlienta"));
    invoice.buyer_address = address(f, "buyer_address", at("Adres"));
    // A third party of role 1 is the factor, who is paid.
    let third = root.all("Podmiot3");
    let factor = third.iter().find(|party| party.text_at("Rola") == "1");
    invoice.payee_name = f.text(
        "payee_name",
        factor.and_then(|party| party.at("DaneIdentyfikacyjne/Nazwa")),
    );
}

fn address<'t>(f: &mut Fields<'t>, field: &str, place: Option<Element<'t>>) -> Field<Address> {
    Field::found(place.map(|place| {
        f.within(field, |f| Address {
            line1: f.text("line1", place.at("AdresL1")),
            line2: f.text("line2", place.at("AdresL2")),
            country: f.text("country", place.at("KodKraju")),
            ..Address::default()
        })
    }))
}

fn totals<'t>(f: &mut Fields<'t>, body: Element<'t>, invoice: &mut Invoice) {
    let of = |name: fn(&Group) -> &'static str| -> Vec<Element<'t>> {
        let named = GROUPS.iter().filter(|group| !name(group).is_empty());
        named.filter_map(|group| body.at(name(group))).collect()
    };
    invoice.subtotal = f.add_up("subtotal", &of(|group| group.0));
    invoice.vat_amount = f.add_up("vat_amount", &of(|group| group.1));
    invoice.vat_amount_accounting = f.add_up("vat_amount_accounting", &of(|group| group.2));
    invoice.total = f.amount("total", body.at("P_15"));
    invoice.amount_due = f.amount("amount_due", body.at("Rozliczenie/DoZaplaty"));
    let partly = body.all("Platnosc/ZaplataCzesciowa/KwotaZaplatyCzesciowej");
    invoice.paid_amount = f.add_up("paid_amount", &partly);
    let rates = body.all("FaWiersz/P_12");
    let used: Vec<&Group> = GROUPS
        .iter()
        .filter(|group| body.at(group.0).is_some())
        .collect();
    for (index, group) in used.into_iter().enumerate() {
        let entry = f.within(&format!("vat_breakdown[{index}]"), |f| {
            let base = body.at(group.0);
            // Which of its rates a group means, only the lines say.
            let rate = rates
                .iter()
                .find(|rate| group.3.contains(&rate.text().as_str()));
            if let Some(base) = base {
                f.read_from("category", base);
            }
            VatBreakdown {
                rate: f.parsed("rate", rate.copied(), "a rate", percentage),
                category: Field::Value(group.4.to_owned()),
                base: f.amount("base", base),
                amount: f.amount("amount", body.at(group.1)),
                ..VatBreakdown::default()
            }
        });
        invoice.vat_breakdown.push(entry);
    }
    if let Some(split) = body
        .at("Adnotacje/P_18A")
        .filter(|split| split.text() == "1")
    {
        f.read_from("country_extra.split_payment", split);
        let extra = [("split_payment".to_owned(), Value::Bool(true))];
        invoice.country_extra = Some(Map::from_iter(extra));
    }
}

/// `23`, or `0 KR`.
fn percentage(text: &str) -> Option<Rate> {
    text.split(' ').next()?.parse().ok()
}

fn payment<'t>(f: &mut Fields<'t>, payment: Option<Element<'t>>, invoice: &mut Invoice) {
    let at = |paths: &[&str]| payment.and_then(|payment| payment.first(paths));
    invoice.due_date = f.date("due_date", at(&["TerminPlatnosci/Termin"]));
    invoice.payment_terms = f.prose(
        "payment_terms",
        at(&["Skonto/WarunkiSkonta", "OpisPlatnosci"]),
    );
    invoice.payment = Field::found(payment.map(|payment| {
        f.within("payment", |f| {
            // With factoring the factor's account is the one to pay to.
            let mut named = payment.all("RachunekBankowyFaktora");
            named.extend(payment.all("RachunekBankowy"));
            named.retain(|account| account.at("NrRB").is_some());
            Payment {
                means_code: f.code("means_code", payment.at("FormaPlatnosci"), MEANS),
                means_text: f.text("means_text", payment.at("OpisPlatnosci")),
                accounts: f.list("accounts", named, |f, element| {
                    let mut account = Account {
                        bic: f.text("bic", element.at("SWIFT")),
                        bank_name: f.text("bank_name", element.at("NazwaBanku")),
                        ..Account::default()
                    };
                    derived::account_number(f, &mut account, element.at("NrRB"), false);
                    account
                }),
                ..Payment::default()
            }
        })
    }));
}

fn line_item<'t>(f: &mut Fields<'t>, line: Element<'t>) -> LineItem {
    let net = line.at("P_11");
    let gross = line.at("P_11A").filter(|_| net.is_none());
    let rate = line.at("P_12");
    let number = rate.filter(|rate| rate.text().starts_with(|c: char| c.is_ascii_digit()));
    let mut codes = line.all("PKWiU");
    codes.extend(line.all("CN"));
    let mut item = LineItem {
        line: f.text("line", line.at("NrWierszaFa")),
        description: f.prose("description", line.at("P_7")),
        unit: f.text("unit", line.at("P_8A")),
        quantity: f.quantity("quantity", line.at("P_8B")),
        unit_price: f.quantity(
            "unit_price",
            line.at(if gross.is_some() { "P_9B" } else { "P_9A" }),
        ),
        discount_amount: f.amount("discount_amount", line.at("P_10")),
        total: f.amount("total", net.or(gross)),
        vat_rate: f.parsed("vat_rate", number, "a rate", percentage),
        vat_category: f.code("vat_category", rate, CATEGORIES),
        vat_amount: f.amount("vat_amount", line.at("P_11Vat")),
        product_code: f.text("product_code", line.at("Indeks")),
        gtin: f.text("gtin", line.at("GTIN")),
        classification: f.texts("classification", codes),
        date: f.date("date", line.at("P_6A")),
        ..LineItem::default()
    };
    if let Some(gross) = gross {
        f.read_from("prices_include_vat", gross);
        item.prices_include_vat = Field::Value(true);
    }
    item
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::sample::{self, check};

    const SAMPLE: &str = r#"<Faktura xmlns="http://crd.gov.pl/wzor/2025/06/25/13775/"><Naglowek><KodFormularza kodSystemowy="FA (3)">FA</KodFormularza></Naglowek>
 <Podmiot1><PrefiksPodatnika>PL</PrefiksPodatnika><DaneIdentyfikacyjne><NIP>9876543210</NIP><Nazwa>Alfa</Nazwa></DaneIdentyfikacyjne><Adres><KodKraju>PL</KodKraju><AdresL1>ul. 1</AdresL1><AdresL2>00-001 Warszawa</AdresL2></Adres></Podmiot1>
 <Podmiot2><DaneIdentyfikacyjne><KodUE>DE</KodUE><NrVatUE>123456789</NrVatUE><Nazwa>Beta</Nazwa></DaneIdentyfikacyjne></Podmiot2>
 <Podmiot3><DaneIdentyfikacyjne><Nazwa>Faktor</Nazwa></DaneIdentyfikacyjne><Rola>1</Rola></Podmiot3>
 <Fa><KodWaluty>EUR</KodWaluty><P_1>2026-03-01</P_1><P_2>FV/7</P_2><P_6>2026-02-20</P_6><P_13_1>200.00</P_13_1><P_14_1>46</P_14_1><P_14_1W>198.5</P_14_1W><P_13_6_2>20.00</P_13_6_2><P_15>266</P_15>
  <Adnotacje><P_18A>1</P_18A></Adnotacje><RodzajFaktury>VAT</RodzajFaktury>
  <FaWiersz><NrWierszaFa>1</NrWierszaFa><P_7>Papier</P_7><P_8A>szt.</P_8A><P_8B>2.0</P_8B><P_9A>100.00</P_9A><P_11>200</P_11><P_12>23</P_12></FaWiersz>
  <FaWiersz><NrWierszaFa>2</NrWierszaFa><P_7>Dowóz</P_7><P_8B>1</P_8B><P_9B>20</P_9B><P_11A>20</P_11A><P_12>0 WDT</P_12></FaWiersz>
  <Platnosc><TerminPlatnosci><Termin>2026-03-31</Termin></TerminPlatnosci><FormaPlatnosci>6</FormaPlatnosci><RachunekBankowy><NrRB>PL61109010140000071219812874</NrRB><SWIFT>BIGBPLPW</SWIFT></RachunekBankowy></Platnosc>
  <WarunkiTransakcji><Zamowienia><NrZamowienia>PO-9</NrZamowienia></Zamowienia></WarunkiTransakcji></Fa></Faktura>"#;

    #[test]
    fn every_field() {
        check(
            &sample::invoice_of(&KSEF, SAMPLE),
            &[
                ("/invoice_number", "FV/7"),
                ("/document_type", "380"),
                ("/invoice_date", "2026-03-01"),
                ("/due_date", "2026-03-31"),
                ("/delivery_date", "2026-02-20"),
                ("/profile", "FA (3)"),
                ("/po_reference", "PO-9"),
                ("/vendor_name", "Alfa"),
                ("/vendor_vat", "PL9876543210"),
                ("/country", "PL"),
                ("/buyer_name", "Beta"),
                ("/buyer_vat", "DE123456789"),
                ("/payee_name", "Faktor"),
                ("/subtotal", "220.00"),
                ("/vat_amount", "46.00"),
                ("/vat_amount_accounting", "198.50"),
                ("/total", "266.00"),
                ("/amount_due", "null"),
                ("/vat_breakdown/0/rate", "23"),
                ("/vat_breakdown/1/rate", "0"),
                ("/vat_breakdown/1/category", "K"),
                ("/intra_community", "true"),
                ("/country_extra/split_payment", "true"),
                ("/payment/means_code", "30"),
                ("/iban", "PL61109010140000071219812874"),
                ("/bic", "BIGBPLPW"),
                ("/line_items/0/total", "200.00"),
                ("/line_items/0/unit", "szt."),
                ("/line_items/0/vat_rate", "23"),
                ("/line_items/0/prices_include_vat", "absent"),
                ("/line_items/1/unit_price", "20"),
                ("/line_items/1/vat_category", "K"),
                ("/line_items/1/prices_include_vat", "true"),
            ],
        );
    }

    #[test]
    fn corrections_leave_out_the_state_before() {
        let xml = SAMPLE
            .replace("<RodzajFaktury>VAT<", "<RodzajFaktury>KOR<")
            .replace("<P_15>266<", "<P_15>-66<")
            .replace("<P_7>Papier<", "<StanPrzed>1</StanPrzed><P_7>Papier<");
        let document = sample::documents(&KSEF, xml).expect("reads").remove(0);
        assert_eq!(
            document.ocr.expect("always there").warnings[0].code,
            "CORRECTED_STATE"
        );
        let invoice = document.invoice.expect("an invoice");
        assert_eq!(invoice.document_type.text(), Some("381"));
        assert_eq!(invoice.line_items.len(), 1);
    }

    #[test]
    fn other_forms_are_refused() {
        let xml = SAMPLE
            .replace("<Fa>", "<FakturaRR>")
            .replace("</Fa>", "</FakturaRR>");
        let error = sample::documents(&KSEF, xml).expect_err("refused");
        assert_eq!(error.code, "UNSUPPORTED_TYPE");
    }
}
