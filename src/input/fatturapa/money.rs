//! Lines, VAT summaries, totals, withheld tax and payment.

use serde_json::{Map, Value};

use crate::input::derived;
use crate::input::xml::Element;
use crate::input::xml::fields::{Fields, decimal};
use crate::model::{
    Account, AllowanceCharge, Amount, Attribute, Field, Instalment, Invoice, LineItem, Payment,
    VatBreakdown, Withholding,
};

/// `Natura`, why there is no VAT, as category of UNTDID 5305; subdivided since 2021.
const CATEGORIES: &[(&str, &str)] = &[
    ("N1", "O"),
    ("N2", "O"),
    ("N2.1", "O"),
    ("N2.2", "O"),
    ("N3", "E"),
    ("N3.1", "G"),
    ("N3.2", "K"),
    ("N3.3", "E"),
    ("N3.4", "E"),
    ("N3.5", "E"),
    ("N3.6", "E"),
    ("N4", "E"),
    ("N5", "E"),
    ("N6", "AE"),
    ("N6.1", "AE"),
    ("N6.2", "AE"),
    ("N6.3", "AE"),
    ("N6.4", "AE"),
    ("N6.5", "AE"),
    ("N6.6", "AE"),
    ("N6.7", "AE"),
    ("N6.8", "AE"),
    ("N6.9", "AE"),
    ("N7", "O"),
];
/// `ModalitaPagamento` as UNTDID 4461; those without a counterpart there are given in words only.
const MEANS: &[(&str, &str)] = &[
    ("MP01", "10"),
    ("MP02", "20"),
    ("MP05", "30"),
    ("MP08", "48"),
    ("MP09", "49"),
    ("MP10", "49"),
    ("MP11", "49"),
    ("MP19", "59"),
    ("MP20", "59"),
    ("MP21", "59"),
];

pub(super) fn read<'t>(
    f: &mut Fields<'t>,
    body: Element<'t>,
    general: Option<Element<'t>>,
    invoice: &mut Invoice,
) {
    let at = |path: &str| general.and_then(|general| general.at(path));
    let all = |path: &str| general.map(|general| general.all(path)).unwrap_or_default();
    invoice.line_items = f.list(
        "line_items",
        body.all("DatiBeniServizi/DettaglioLinee"),
        |f, line| line_item(f, line, body),
    );
    vat(f, body, invoice);
    invoice.total = f.amount("total", at("ImportoTotaleDocumento"));
    invoice.rounding = f.amount("rounding", at("Arrotondamento"));
    let (allowances, charges): (Vec<_>, Vec<_>) = all("ScontoMaggiorazione")
        .into_iter()
        .partition(|entry| entry.text_at("Tipo") != "MG");
    invoice.allowances = f.list("allowances", allowances, allowance_or_charge);
    invoice.charges = f.list("charges", charges, allowance_or_charge);
    // The contribution to a professional's pension fund is charged on top of the lines.
    let first = invoice.charges.len();
    for (index, fund) in all("DatiCassaPrevidenziale").into_iter().enumerate() {
        let charge = f.within(&format!("charges[{}]", first + index), |f| {
            pension_fund(f, fund)
        });
        invoice.charges.push(charge);
    }
    invoice.withholding = f.list("withholding", all("DatiRitenuta"), |f, tax| Withholding {
        kind: f.text("kind", tax.at("TipoRitenuta")),
        rate: f.rate("rate", tax.at("AliquotaRitenuta")),
        amount: f.amount("amount", tax.at("ImportoRitenuta")),
    });
    invoice.country_extra = country_extra(f, body, at("DatiBollo/ImportoBollo"));
    payment(f, body, invoice);
}

/// Stamp duty, and whether the buyer pays the VAT to the state itself.
fn country_extra<'t>(
    f: &mut Fields<'t>,
    body: Element<'t>,
    stamp: Option<Element<'t>>,
) -> Option<Map<String, Value>> {
    let mut extra = Map::new();
    let stamp = f.amount("country_extra.stamp_duty", stamp);
    if let Some(Ok(stamp)) = stamp.get().map(serde_json::to_value) {
        extra.insert("stamp_duty".to_owned(), stamp);
    }
    let split = body
        .all("DatiBeniServizi/DatiRiepilogo/EsigibilitaIVA")
        .into_iter()
        .find(|due| due.text() == "S");
    if let Some(split) = split {
        f.read_from("country_extra.split_payment", split);
        extra.insert("split_payment".to_owned(), Value::Bool(true));
    }
    (!extra.is_empty()).then_some(extra)
}

fn vat<'t>(f: &mut Fields<'t>, body: Element<'t>, invoice: &mut Invoice) {
    let summaries = body.all("DatiBeniServizi/DatiRiepilogo");
    invoice.subtotal = f.add_up("subtotal", &amounts(&summaries, "ImponibileImporto"));
    invoice.vat_amount = f.add_up("vat_amount", &amounts(&summaries, "Imposta"));
    invoice.vat_breakdown = f.list("vat_breakdown", summaries, |f, summary| VatBreakdown {
        rate: f.rate("rate", summary.at("AliquotaIVA")),
        category: f.code("category", summary.at("Natura"), CATEGORIES),
        base: f.amount("base", summary.at("ImponibileImporto")),
        amount: f.amount("amount", summary.at("Imposta")),
        exemption_reason: f.prose("exemption_reason", summary.at("RiferimentoNormativo")),
        exemption_code: f.text("exemption_code", summary.at("Natura")),
    });
}

fn allowance_or_charge<'t>(f: &mut Fields<'t>, entry: Element<'t>) -> AllowanceCharge {
    AllowanceCharge {
        amount: f.amount("amount", entry.at("Importo")),
        percent: f.rate("percent", entry.at("Percentuale")),
        ..AllowanceCharge::default()
    }
}

fn pension_fund<'t>(f: &mut Fields<'t>, fund: Element<'t>) -> AllowanceCharge {
    AllowanceCharge {
        amount: f.amount("amount", fund.at("ImportoContributoCassa")),
        base: f.amount("base", fund.at("ImponibileCassa")),
        percent: f.rate("percent", fund.at("AlCassa")),
        vat_category: f.code("vat_category", fund.at("Natura"), CATEGORIES),
        vat_rate: f.rate("vat_rate", fund.at("AliquotaIVA")),
        reason: f.text("reason", fund.at("TipoCassa")),
        reason_code: Field::Absent,
    }
}

fn line_item<'t>(f: &mut Fields<'t>, line: Element<'t>, body: Element<'t>) -> LineItem {
    let number = line.text_at("NumeroLinea");
    // An order names the lines it is about.
    let order = body
        .all("DatiGenerali/DatiOrdineAcquisto")
        .into_iter()
        .find(|order| {
            order
                .all("RiferimentoNumeroLinea")
                .iter()
                .any(|about| about.text() == number)
        });
    let (allowances, charges): (Vec<_>, Vec<_>) = line
        .all("ScontoMaggiorazione")
        .into_iter()
        .partition(|entry| entry.text_at("Tipo") != "MG");
    let articles = line.all("CodiceArticolo");
    let is_gtin = |article: &&Element<'t>| {
        matches!(
            article.text_at("CodiceTipo").to_uppercase().as_str(),
            "EAN" | "GTIN"
        )
    };
    let value = |article: &Element<'t>| article.at("CodiceValore");
    let facts = line
        .all("AltriDatiGestionali")
        .into_iter()
        .filter(|fact| fact.at("TipoDato").is_some())
        .collect();
    LineItem {
        line: f.text("line", line.at("NumeroLinea")),
        description: f.prose("description", line.at("Descrizione")),
        quantity: f.quantity("quantity", line.at("Quantita")),
        unit: f.text("unit", line.at("UnitaMisura")),
        unit_price: f.quantity("unit_price", line.at("PrezzoUnitario")),
        total: f.amount("total", line.at("PrezzoTotale")),
        vat_rate: f.rate("vat_rate", line.at("AliquotaIVA")),
        vat_category: f.code("vat_category", line.at("Natura"), CATEGORIES),
        allowances: f.list("allowances", allowances, allowance_or_charge),
        charges: f.list("charges", charges, allowance_or_charge),
        product_code: f.text(
            "product_code",
            articles.iter().find(|a| !is_gtin(a)).and_then(value),
        ),
        gtin: f.text("gtin", articles.iter().find(is_gtin).and_then(value)),
        gl_code: f.text("gl_code", line.at("RiferimentoAmministrazione")),
        po_reference: f.text(
            "po_reference",
            order.and_then(|order| order.at("IdDocumento")),
        ),
        po_line: f.text("po_line", order.and_then(|order| order.at("NumItem"))),
        period_start: f.date("period_start", line.at("DataInizioPeriodo")),
        period_end: f.date("period_end", line.at("DataFinePeriodo")),
        attributes: f.list("attributes", facts, |f, fact| {
            let value = fact.first(&["RiferimentoTesto", "RiferimentoNumero", "RiferimentoData"]);
            Attribute {
                name: f
                    .text("name", fact.at("TipoDato"))
                    .text()
                    .unwrap_or_default()
                    .to_owned(),
                value: f.text("value", value).text().unwrap_or_default().to_owned(),
            }
        }),
        ..LineItem::default()
    }
}

fn payment<'t>(f: &mut Fields<'t>, body: Element<'t>, invoice: &mut Invoice) {
    let details = body.all("DatiPagamento/DettaglioPagamento");
    let of = |path: &str| details.iter().find_map(|detail| detail.at(path));
    // Several details with a day each are instalments; the first is the one to meet.
    let mut days: Vec<Element<'t>> = details
        .iter()
        .filter_map(|detail| detail.at("DataScadenzaPagamento"))
        .collect();
    days.sort_by_key(|day| day.text());
    invoice.due_date = f.date("due_date", days.first().copied());
    invoice.amount_due = amount_due(f, &details, invoice.total.get());
    if details.is_empty() {
        invoice.payment = Field::Null;
        return;
    }
    let payment = f.within("payment", |f| {
        let means = of("ModalitaPagamento");
        Payment {
            means_code: f.code("means_code", means, MEANS),
            means_text: f.text("means_text", means),
            reference: f.text("reference", of("CodicePagamento")),
            accounts: accounts(f, &details),
            instalments: instalments(f, &details),
            ..Payment::default()
        }
    });
    invoice.payment = Field::Value(payment);
}

/// The sum of the payments; details that each ask for the whole total are alternatives, not parts.
fn amount_due<'t>(
    f: &mut Fields<'t>,
    details: &[Element<'t>],
    total: Option<Amount>,
) -> Field<Amount> {
    let asked = amounts(details, "ImportoPagamento");
    let whole =
        |amount: &Element<'t>| total.is_some() && decimal::<Amount>(&amount.text()) == total;
    if asked.len() > 1 && asked.iter().all(whole) {
        f.add_up("amount_due", &asked[..1])
    } else {
        f.add_up("amount_due", &asked)
    }
}

/// The amounts of this name, one of each element that has it.
fn amounts<'t>(elements: &[Element<'t>], name: &str) -> Vec<Element<'t>> {
    elements.iter().filter_map(|e| e.at(name)).collect()
}

fn accounts<'t>(f: &mut Fields<'t>, details: &[Element<'t>]) -> Vec<Account> {
    let mut seen = Vec::new();
    let named = details
        .iter()
        .copied()
        .filter(|detail| {
            let iban = detail.text_at("IBAN");
            let new = !iban.is_empty() && !seen.contains(&iban);
            seen.push(iban);
            new
        })
        .collect();
    f.list("accounts", named, |f, detail| {
        let mut account = Account {
            bic: f.text("bic", detail.at("BIC")),
            bank_number: f.joined("bank_number", &[detail.at("ABI"), detail.at("CAB")], ""),
            account_name: f.text("account_name", detail.at("Beneficiario")),
            bank_name: f.text("bank_name", detail.at("IstitutoFinanziario")),
            ..Account::default()
        };
        derived::account_number(f, &mut account, detail.at("IBAN"), true);
        account
    })
}

fn instalments<'t>(f: &mut Fields<'t>, details: &[Element<'t>]) -> Vec<Instalment> {
    let parts: Vec<Element<'t>> = details
        .iter()
        .copied()
        .filter(|detail| {
            detail.at("ImportoPagamento").is_some() && detail.at("DataScadenzaPagamento").is_some()
        })
        .collect();
    if parts.len() < 2 {
        return Vec::new();
    }
    f.list("instalments", parts, |f, detail| Instalment {
        amount: f.amount("amount", detail.at("ImportoPagamento")),
        due: f.date("due", detail.at("DataScadenzaPagamento")),
    })
}
