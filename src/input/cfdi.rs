//! CFDI 3.2 to 4.0, the Mexican national format: nearly everything is an attribute.
//!
//! The total is after withheld tax. Receipts of payment, payrolls and transfers are CFDI too, and no invoices.

use super::xml::fields::{Fields, Reading, decimal};
use super::xml::{self, Element, Tree, prolog};
use super::{Context, Reader, derived};
use crate::model::{
    AllowanceCharge, Amount, Decimal, Document, Field, Invoice, LineItem, Payment,
    PrecedingInvoice, Rate, VatBreakdown, Withholding,
};
use crate::stage::StageError;

/// CFDI.
pub(super) const CFDI: Reader = Reader {
    name: "cfdi",
    media_type: "application/xml",
    extension: "xml",
    reads: "CFDI 3.2 to 4.0 (Mexico): incomes and credits",
    sniff,
    read,
};

/// `TipoDeComprobante` as UNTDID 1001, in the words of 3.2 and the letters since.
const TYPES: &[(&str, &str)] = &[
    ("I", "380"),
    ("E", "381"),
    ("ingreso", "380"),
    ("egreso", "381"),
];
/// `FormaPago` as UNTDID 4461.
const MEANS: &[(&str, &str)] = &[
    ("01", "10"),
    ("02", "20"),
    ("03", "30"),
    ("04", "48"),
    ("28", "48"),
];
/// `Impuesto`, the tax.
const TAXES: &[(&str, &str)] = &[("001", "ISR"), ("002", "IVA"), ("003", "IEPS")];
/// `TipoFactor` as category of UNTDID 5305.
const FACTORS: &[(&str, &str)] = &[("Exento", "E")];

fn sniff(bytes: &[u8]) -> bool {
    prolog::root_is(bytes, &[("http://www.sat.gob.mx/cfd/", "Comprobante")])
}

fn read(bytes: &[u8], context: &mut Context<'_>) -> Result<Vec<Document>, StageError> {
    let text = xml::decode(bytes)?;
    let tree = Tree::parse(&text)?;
    let root = tree.root();
    let kind = root.text_at("@TipoDeComprobante");
    if !TYPES.iter().any(|(code, _)| *code == kind) {
        return Err(StageError::input(
            "UNSUPPORTED_TYPE",
            "the `Comprobante` is no invoice but a payment, a payroll or a transfer",
        ));
    }
    Ok(vec![invoice(&tree, root).into_document(context.id)])
}

fn invoice<'t>(tree: &'t Tree<'t>, root: Element<'t>) -> Reading {
    let currency = root.at("@Moneda").map(Element::text);
    let mut f = Fields::new(tree, currency);
    let mut invoice = Invoice::default();
    header(&mut f, root, &mut invoice);
    totals(&mut f, root, &mut invoice);
    invoice.line_items = f.list("line_items", root.all("Conceptos/Concepto"), line_item);
    derived::complete(&mut f, &mut invoice);
    f.finish(invoice)
}

fn header<'t>(f: &mut Fields<'t>, root: Element<'t>, invoice: &mut Invoice) {
    let at = |path: &str| root.at(path);
    // Series and number are optional; the fiscal id that the authority gives is not.
    invoice.invoice_number = match at("@Folio") {
        Some(_) => f.joined("invoice_number", &[at("@Serie"), at("@Folio")], "-"),
        None => f.text(
            "invoice_number",
            at("Complemento/TimbreFiscalDigital/@UUID"),
        ),
    };
    invoice.document_type = f.code("document_type", at("@TipoDeComprobante"), TYPES);
    invoice.invoice_date = f.date("invoice_date", at("@Fecha"));
    invoice.currency = f.text("currency", at("@Moneda"));
    invoice.exchange_rate = f.quantity("exchange_rate", at("@TipoCambio"));
    invoice.profile = f.text("profile", at("@Version"));
    invoice.payment_terms = f.prose("payment_terms", at("@CondicionesDePago"));
    let related = root.all("CfdiRelacionados/CfdiRelacionado");
    invoice.preceding_invoices = f.list("preceding_invoices", related, |f, related| {
        PrecedingInvoice {
            number: f.text("number", related.at("@UUID")),
            date: Field::Null,
        }
    });
    invoice.vendor_name = f.text("vendor_name", at("Emisor/@Nombre"));
    invoice.vendor_vat = f.text("vendor_vat", at("Emisor/@Rfc"));
    invoice.buyer_name = f.text("buyer_name", at("Receptor/@Nombre"));
    invoice.buyer_vat = f.text("buyer_vat", at("Receptor/@Rfc"));
    // Only this country has the format, and an RFC may begin with the letters of another.
    f.read_from("country", root);
    invoice.country = Field::Value("MX".to_owned());
    let means = at("@FormaPago");
    invoice.payment = Field::found(means.map(|means| {
        f.within("payment", |f| Payment {
            means_code: f.code("means_code", Some(means), MEANS),
            ..Payment::default()
        })
    }));
}

fn totals<'t>(f: &mut Fields<'t>, root: Element<'t>, invoice: &mut Invoice) {
    let (gross, discount) = (root.at("@SubTotal"), root.at("@Descuento"));
    invoice.lines_total = f.amount("lines_total", gross);
    invoice.allowance_total = f.amount("allowance_total", discount);
    invoice.subtotal = less(f, "subtotal", gross, discount);
    invoice.vat_amount = f.amount(
        "vat_amount",
        root.at("Impuestos/@TotalImpuestosTrasladados"),
    );
    invoice.total = f.amount("total", root.at("@Total"));
    let transferred = root.all("Impuestos/Traslados/Traslado");
    invoice.vat_breakdown = f.list("vat_breakdown", transferred, |f, tax| VatBreakdown {
        rate: rate(f, "rate", tax),
        category: f.code("category", tax.at("@TipoFactor"), FACTORS),
        base: f.amount("base", tax.at("@Base")),
        amount: f.amount("amount", tax.at("@Importe")),
        ..VatBreakdown::default()
    });
    let withheld = root.all("Impuestos/Retenciones/Retencion");
    invoice.withholding = f.list("withholding", withheld, |f, tax| {
        let name = tax.at("@Impuesto");
        let kind = f.code("kind", name, TAXES);
        Withholding {
            // Version 3.2 has names instead of codes.
            kind: if kind.is_value() {
                kind
            } else {
                f.text("kind", name)
            },
            rate: Field::Absent,
            amount: f.amount("amount", tax.at("@Importe")),
        }
    });
}

/// An amount less a discount, if there is one.
fn less<'t>(
    f: &mut Fields<'t>,
    field: &str,
    amount: Option<Element<'t>>,
    discount: Option<Element<'t>>,
) -> Field<Amount> {
    let value = |element: Option<Element<'t>>| decimal::<Amount>(&element?.text());
    let difference = value(amount)
        .zip(value(discount))
        .and_then(|(before, less)| before.decimal().checked_sub(less.decimal()));
    match (amount, discount, difference) {
        (Some(amount), Some(discount), Some(difference)) => {
            let operands = format!("{} - {}", f.path(amount), f.path(discount));
            f.sum(field, Amount(difference), operands)
        }
        _ => f.amount(field, amount),
    }
}

/// A fraction since 3.3, a percentage before.
fn rate<'t>(f: &mut Fields<'t>, field: &str, tax: Element<'t>) -> Field<Rate> {
    match tax.at("@TasaOCuota") {
        Some(fraction) => f.parsed(field, Some(fraction), "a rate", |text| {
            let fraction: Rate = decimal(text)?;
            let percent = fraction.decimal().checked_mul(Decimal::ONE_HUNDRED)?;
            Some(Rate(percent.normalize()))
        }),
        None => f.rate(field, tax.at("@Tasa")),
    }
}

fn line_item<'t>(f: &mut Fields<'t>, line: Element<'t>) -> LineItem {
    let discount = line.at("@Descuento");
    let tax = line
        .at("Impuestos/Traslados")
        .and_then(|taxes| taxes.children().next());
    LineItem {
        description: f.prose("description", line.at("@Descripcion")),
        quantity: f.quantity("quantity", line.at("@Cantidad")),
        unit: f.text("unit", line.at("@Unidad")),
        unit_code: f.text("unit_code", line.at("@ClaveUnidad")),
        unit_price: f.quantity("unit_price", line.at("@ValorUnitario")),
        allowances: f.list(
            "allowances",
            discount.into_iter().collect(),
            |f, discount| AllowanceCharge {
                amount: f.amount("amount", Some(discount)),
                ..AllowanceCharge::default()
            },
        ),
        total: less(f, "total", line.at("@Importe"), discount),
        vat_rate: match tax {
            Some(tax) => rate(f, "vat_rate", tax),
            None => Field::Null,
        },
        vat_category: f.code(
            "vat_category",
            tax.and_then(|t| t.at("@TipoFactor")),
            FACTORS,
        ),
        vat_amount: f.amount("vat_amount", tax.and_then(|tax| tax.at("@Importe"))),
        product_code: f.text("product_code", line.at("@NoIdentificacion")),
        classification: f.texts(
            "classification",
            line.at("@ClaveProdServ").into_iter().collect(),
        ),
        ..LineItem::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::sample::{self, check};

    const SAMPLE: &str = r#"<cfdi:Comprobante xmlns:cfdi="http://www.sat.gob.mx/cfd/4" Version="4.0" TipoDeComprobante="I" Serie="A" Folio="10" Fecha="2026-03-01T10:00:00" SubTotal="210.00" Descuento="10" Total="211" Moneda="MXN" FormaPago="03" CondicionesDePago="30 días">
 <cfdi:Emisor Rfc="DEU9003173C9" Nombre="Alfa"/><cfdi:Receptor Rfc="URE180429TM6" Nombre="Beta"/>
 <cfdi:Conceptos><cfdi:Concepto ClaveProdServ="50211502" NoIdentificacion="S-1" Cantidad="2" ClaveUnidad="H87" Descripcion="Cosa" ValorUnitario="105.00" Importe="210.00" Descuento="10"><cfdi:Impuestos><cfdi:Traslados><cfdi:Traslado Base="200" Importe="32" Impuesto="002" TasaOCuota="0.160000" TipoFactor="Tasa"/></cfdi:Traslados></cfdi:Impuestos></cfdi:Concepto></cfdi:Conceptos>
 <cfdi:Impuestos TotalImpuestosTrasladados="32.00" TotalImpuestosRetenidos="21"><cfdi:Retenciones><cfdi:Retencion Importe="21" Impuesto="001"/></cfdi:Retenciones><cfdi:Traslados><cfdi:Traslado Base="200" Importe="32" Impuesto="002" TasaOCuota="0.160000" TipoFactor="Tasa"/></cfdi:Traslados></cfdi:Impuestos>
 <cfdi:Complemento><t:TimbreFiscalDigital xmlns:t="http://www.sat.gob.mx/TimbreFiscalDigital" UUID="AB-CD"/></cfdi:Complemento></cfdi:Comprobante>"#;

    #[test]
    fn every_field() {
        check(
            &sample::invoice_of(&CFDI, SAMPLE),
            &[
                ("/invoice_number", "A-10"),
                ("/document_type", "380"),
                ("/invoice_date", "2026-03-01"),
                ("/currency", "MXN"),
                ("/country", "MX"),
                ("/payment_terms", "30 días"),
                ("/vendor_name", "Alfa"),
                ("/vendor_vat", "DEU9003173C9"),
                ("/buyer_vat", "URE180429TM6"),
                ("/payment/means_code", "30"),
                ("/lines_total", "210.00"),
                ("/subtotal", "200.00"),
                ("/vat_amount", "32.00"),
                ("/total", "211.00"),
                ("/vat_breakdown/0/rate", "16"),
                ("/withholding/0/kind", "ISR"),
                ("/withholding/0/amount", "21.00"),
                ("/line_items/0/quantity", "2"),
                ("/line_items/0/unit_code", "H87"),
                ("/line_items/0/total", "200.00"),
                ("/line_items/0/allowances/0/amount", "10.00"),
                ("/line_items/0/vat_rate", "16"),
                ("/line_items/0/classification/0", "50211502"),
            ],
        );
    }

    #[test]
    fn without_a_number_the_fiscal_id_is_it() {
        let xml = SAMPLE.replace(" Serie=\"A\" Folio=\"10\"", "");
        check(
            &sample::invoice_of(&CFDI, xml),
            &[("/invoice_number", "AB-CD")],
        );
    }

    #[test]
    fn what_is_no_invoice_is_refused() {
        for kind in ["P", "N", "T"] {
            let xml = SAMPLE.replace("Comprobante=\"I\"", &format!("Comprobante=\"{kind}\""));
            let error = sample::documents(&CFDI, xml).expect_err("refused");
            assert_eq!(error.code, "UNSUPPORTED_TYPE");
        }
    }
}
