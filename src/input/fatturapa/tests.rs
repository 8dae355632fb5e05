//! A whole invoice of our own making, then batches, split payment and what is not read.

use super::*;
use crate::input::sample::{self, check};
use crate::model::Method;

const SAMPLE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<p:FatturaElettronica versione="FPR12" xmlns:p="http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fatture/v1.2">
 <FatturaElettronicaHeader>
  <DatiTrasmissione><FormatoTrasmissione>FPR12</FormatoTrasmissione></DatiTrasmissione>
  <CedentePrestatore><DatiAnagrafici><IdFiscaleIVA><IdPaese>IT</IdPaese><IdCodice>12345670017</IdCodice></IdFiscaleIVA><CodiceFiscale>RSSMRA80A01H501U</CodiceFiscale>
   <Anagrafica><Nome>Maria</Nome><Cognome>Rossi</Cognome></Anagrafica></DatiAnagrafici><Sede><Indirizzo>Via Roma</Indirizzo><NumeroCivico>5</NumeroCivico><CAP>00100</CAP><Comune>Roma</Comune><Provincia>RM</Provincia><Nazione>IT</Nazione></Sede>
   <IscrizioneREA><Ufficio>RM</Ufficio><NumeroREA>123</NumeroREA></IscrizioneREA><Contatti><Email>m@rossi.example</Email></Contatti></CedentePrestatore>
  <CessionarioCommittente><DatiAnagrafici><CodiceFiscale>09876543210</CodiceFiscale><Anagrafica><Denominazione>Beta SRL</Denominazione></Anagrafica></DatiAnagrafici><Sede><Comune>Milano</Comune></Sede></CessionarioCommittente>
 </FatturaElettronicaHeader>
 <FatturaElettronicaBody>
  <DatiGenerali><DatiGeneraliDocumento><TipoDocumento>TD06</TipoDocumento><Divisa>EUR</Divisa><Data>2026-03-01</Data><Numero>7/A</Numero>
    <DatiRitenuta><TipoRitenuta>RT01</TipoRitenuta><ImportoRitenuta>20.00</ImportoRitenuta><AliquotaRitenuta>20.00</AliquotaRitenuta></DatiRitenuta>
    <DatiBollo><BolloVirtuale>SI</BolloVirtuale><ImportoBollo>2</ImportoBollo></DatiBollo>
    <DatiCassaPrevidenziale><TipoCassa>TC22</TipoCassa><AlCassa>4.00</AlCassa><ImportoContributoCassa>4.00</ImportoContributoCassa><AliquotaIVA>22.00</AliquotaIVA></DatiCassaPrevidenziale>
    <ImportoTotaleDocumento>136.88</ImportoTotaleDocumento><Causale>First</Causale><Causale>Second</Causale></DatiGeneraliDocumento>
   <DatiOrdineAcquisto><RiferimentoNumeroLinea>1</RiferimentoNumeroLinea><IdDocumento>PO-9</IdDocumento><Data>2026-02-01</Data><NumItem>3</NumItem><CodiceCUP>CUP1</CodiceCUP><CodiceCIG>CIG1</CodiceCIG></DatiOrdineAcquisto>
   <DatiContratto><IdDocumento>C-1</IdDocumento></DatiContratto><DatiFattureCollegate><IdDocumento>6/A</IdDocumento><Data>2026-01-05</Data></DatiFattureCollegate>
   <DatiDDT><NumeroDDT>D-1</NumeroDDT><DataDDT>2026-02-20</DataDDT></DatiDDT></DatiGenerali>
  <DatiBeniServizi>
   <DettaglioLinee><NumeroLinea>1</NumeroLinea><CodiceArticolo><CodiceTipo>EAN</CodiceTipo><CodiceValore>4012345000009</CodiceValore></CodiceArticolo><CodiceArticolo><CodiceTipo>INT</CodiceTipo><CodiceValore>S-1</CodiceValore></CodiceArticolo>
    <Descrizione>Consulenza</Descrizione><Quantita>2.00</Quantita><UnitaMisura>ore</UnitaMisura><DataInizioPeriodo>2026-02-01</DataInizioPeriodo><DataFinePeriodo>2026-02-28</DataFinePeriodo><PrezzoUnitario>55.00000000</PrezzoUnitario>
    <ScontoMaggiorazione><Tipo>SC</Tipo><Percentuale>10.00</Percentuale></ScontoMaggiorazione><PrezzoTotale>100.0</PrezzoTotale><AliquotaIVA>22.00</AliquotaIVA></DettaglioLinee>
   <DettaglioLinee><NumeroLinea>2</NumeroLinea><Descrizione>Spese</Descrizione><PrezzoUnitario>10.00</PrezzoUnitario><PrezzoTotale>10.00</PrezzoTotale><AliquotaIVA>0.00</AliquotaIVA><Natura>N6.9</Natura></DettaglioLinee>
   <DatiRiepilogo><AliquotaIVA>22.00</AliquotaIVA><ImponibileImporto>104.00</ImponibileImporto><Imposta>22.88</Imposta><EsigibilitaIVA>I</EsigibilitaIVA></DatiRiepilogo>
   <DatiRiepilogo><AliquotaIVA>0.00</AliquotaIVA><Natura>N6.9</Natura><ImponibileImporto>10.00</ImponibileImporto><Imposta>0.00</Imposta><RiferimentoNormativo>Inversione</RiferimentoNormativo></DatiRiepilogo>
  </DatiBeniServizi>
  <DatiPagamento><CondizioniPagamento>TP01</CondizioniPagamento>
   <DettaglioPagamento><Beneficiario>Maria Rossi</Beneficiario><ModalitaPagamento>MP05</ModalitaPagamento><DataScadenzaPagamento>2026-04-30</DataScadenzaPagamento><ImportoPagamento>16.88</ImportoPagamento><IBAN>IT60X0542811101000000123456</IBAN><BIC>BPMIITMM</BIC><CodicePagamento>RF1</CodicePagamento></DettaglioPagamento>
   <DettaglioPagamento><ModalitaPagamento>MP05</ModalitaPagamento><DataScadenzaPagamento>2026-03-31</DataScadenzaPagamento><ImportoPagamento>100</ImportoPagamento><IBAN>IT60X0542811101000000123456</IBAN></DettaglioPagamento></DatiPagamento>
  <Allegati><NomeAttachment>ore.pdf</NomeAttachment></Allegati>
 </FatturaElettronicaBody>
</p:FatturaElettronica>"#;

#[test]
fn every_field() {
    check(
        &sample::invoice_of(&FATTURAPA, SAMPLE),
        &[
            ("/invoice_number", "7/A"),
            ("/document_type", "380"),
            ("/invoice_date", "2026-03-01"),
            ("/due_date", "2026-03-31"),
            ("/delivery_date", "2026-02-20"),
            ("/order_date", "2026-02-01"),
            ("/currency", "EUR"),
            ("/country", "IT"),
            ("/po_reference", "PO-9"),
            ("/contract_reference", "C-1"),
            ("/tender_reference", "CIG1"),
            ("/project_reference", "CUP1"),
            ("/despatch_reference", "D-1"),
            ("/preceding_invoices/0/number", "6/A"),
            ("/notes/1", "Second"),
            ("/profile", "FPR12"),
            ("/attachments/0/name", "ore.pdf"),
            ("/vendor_name", "Maria Rossi"),
            ("/vendor_vat", "IT12345670017"),
            ("/vendor_tax_number", "RSSMRA80A01H501U"),
            ("/vendor_registration", "RM-123"),
            ("/vendor_address/line1", "Via Roma 5"),
            ("/vendor_address/region", "RM"),
            ("/vendor_email", "m@rossi.example"),
            ("/buyer_name", "Beta SRL"),
            ("/buyer_vat", "null"),
            ("/buyer_tax_number", "09876543210"),
            ("/subtotal", "114.00"),
            ("/vat_amount", "22.88"),
            ("/total", "136.88"),
            ("/amount_due", "116.88"),
            ("/withholding/0/kind", "RT01"),
            ("/withholding/0/rate", "20"),
            ("/withholding/0/amount", "20.00"),
            ("/charges/0/amount", "4.00"),
            ("/charges/0/reason", "TC22"),
            ("/country_extra/stamp_duty", "2.00"),
            ("/country_extra/split_payment", "absent"),
            ("/vat_breakdown/0/rate", "22"),
            ("/vat_breakdown/1/category", "AE"),
            ("/vat_breakdown/1/exemption_code", "N6.9"),
            ("/reverse_charge", "true"),
            ("/payment/means_code", "30"),
            ("/payment/means_text", "MP05"),
            ("/payment/reference", "RF1"),
            ("/payment/accounts/0/account_name", "Maria Rossi"),
            ("/payment/accounts/1", "absent"),
            ("/payment/instalments/0/amount", "16.88"),
            ("/payment/instalments/1/due", "2026-03-31"),
            ("/iban", "IT60X0542811101000000123456"),
            ("/bic", "BPMIITMM"),
            ("/line_items/0/description", "Consulenza"),
            ("/line_items/0/quantity", "2.00"),
            ("/line_items/0/unit", "ore"),
            ("/line_items/0/unit_price", "55.00000000"),
            ("/line_items/0/total", "100.00"),
            ("/line_items/0/allowances/0/percent", "10"),
            ("/line_items/0/gtin", "4012345000009"),
            ("/line_items/0/product_code", "S-1"),
            ("/line_items/0/po_reference", "PO-9"),
            ("/line_items/0/po_line", "3"),
            ("/line_items/0/period_end", "2026-02-28"),
            ("/line_items/1/quantity", "null"),
            ("/line_items/1/vat_category", "AE"),
            ("/line_items/1/po_reference", "null"),
        ],
    );
}

#[test]
fn sums_name_their_operands() {
    let document = sample::documents(&FATTURAPA, SAMPLE)
        .expect("reads")
        .remove(0);
    let subtotal = &document.evidence["subtotal"];
    assert_eq!(subtotal.method, Some(Method::Solver));
    let text = subtotal.text.as_deref().expect("operands");
    assert!(
        text.contains("DatiRiepilogo[1]/ImponibileImporto + "),
        "{text}"
    );
    let name = document.evidence["vendor_name"]
        .text
        .as_deref()
        .expect("a path");
    assert!(
        name.ends_with("/Cognome") && name.contains("/Nome + "),
        "{name}"
    );
}

#[test]
fn each_body_is_an_invoice_of_its_own() {
    let (head, rest) = SAMPLE
        .split_once("<FatturaElettronicaBody>")
        .expect("a body");
    let (body, tail) = rest
        .split_once("</FatturaElettronicaBody>")
        .expect("its end");
    let body = format!("<FatturaElettronicaBody>{body}</FatturaElettronicaBody>");
    let second = body.replace("7/A", "8/A").replace("136.88", "99.00");
    let batch = format!("{head}{body}{second}{tail}");
    let read: Vec<(String, String)> = sample::documents(&FATTURAPA, &batch)
        .expect("reads")
        .into_iter()
        .map(|document| {
            let invoice = document.invoice.expect("an invoice");
            let number = invoice.invoice_number.text().expect("a number").to_owned();
            (document.id.to_string(), number)
        })
        .collect();
    let expected = [("f#1", "7/A"), ("f#2", "8/A")];
    assert_eq!(
        read,
        expected.map(|(id, number)| (id.to_owned(), number.to_owned()))
    );
}

#[test]
fn split_payment_and_alternatives() {
    let xml = SAMPLE.replace("<EsigibilitaIVA>I<", "<EsigibilitaIVA>S<");
    check(
        &sample::invoice_of(&FATTURAPA, &xml),
        &[
            ("/country_extra/split_payment", "true"),
            ("/vat_amount", "22.88"),
        ],
    );
    // Two ways to pay the whole are not twice the whole.
    let xml = SAMPLE
        .replace("<ImportoPagamento>16.88<", "<ImportoPagamento>136.88<")
        .replace("<ImportoPagamento>100<", "<ImportoPagamento>136.88<");
    check(
        &sample::invoice_of(&FATTURAPA, &xml),
        &[("/amount_due", "136.88")],
    );
}

#[test]
fn windows_1252_and_a_misspelt_namespace() {
    let xml = SAMPLE
        .replace("UTF-8", "windows-1252")
        .replace("gov.it/docs", "gov.it/ docs")
        .replace("Beta SRL", "Caffé");
    let bytes = encoding_rs::WINDOWS_1252.encode(&xml).0.into_owned();
    check(
        &sample::invoice_of(&FATTURAPA, &bytes),
        &[("/buyer_name", "Caffé")],
    );
}

#[test]
fn the_simplified_invoice_is_named_and_refused() {
    let xml = "<p:FatturaElettronicaSemplificata xmlns:p='x'/>";
    let error = sample::documents(&FATTURAPA, xml).expect_err("refused");
    assert_eq!(error.code, "UNSUPPORTED_TYPE");
    assert!(error.message.contains("Semplificata"));
}
