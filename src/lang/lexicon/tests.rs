//! The vocabularies load, contradict nothing, and know what real invoices say.

use std::collections::BTreeMap;

use super::*;
use crate::lang::dates::{self, Order};
use crate::lang::numbers;

/// The best labels of a text: label and number of words.
fn best(text: &str) -> Option<(Label, usize)> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let hits = lexicon().label_at(&words, None);
    hits.first().map(|hit| (hit.label, hit.words))
}

#[test]
fn every_vocabulary_loads_and_has_no_empty_list() {
    Lexicon::build().expect("the vocabularies load");
    for language in LANGUAGES {
        let file: LanguageFile = source::parse(language.code, language.toml).expect("parses");
        assert!(
            !file.stop_words.is_empty() && !file.net_days.is_empty() && !file.due_now.is_empty()
        );
        assert!(
            file.months.iter().all(|names| !names.is_empty()),
            "{}",
            language.code
        );
        for (key, phrases) in file.labels.iter().chain(&file.weak) {
            assert!(!phrases.is_empty(), "{} {key}", language.code);
            for phrase in phrases {
                let tokens: Vec<String> = phrase.split_whitespace().flat_map(keys).collect();
                assert!(
                    !tokens.is_empty() && tokens.len() <= LONGEST,
                    "{} {key} {phrase}",
                    language.code
                );
            }
        }
    }
    let codes: Vec<&str> = LANGUAGES.iter().map(|language| language.code).collect();
    let mut unique = codes.clone();
    unique.dedup();
    assert_eq!(codes, unique);
}

#[test]
fn an_unknown_label_or_key_is_refused() {
    assert!(matches!(
        source::label("xx", "invoice_nunber"),
        Err(SourceError::UnknownLabel { .. })
    ));
    assert!(source::parse::<LanguageFile>("xx", "surprise = 1").is_err());
}

/// A phrase of the strong table announces one field of a language; columns, titles and what needs a place to be
/// understood may share it.
#[test]
fn no_phrase_contradicts_itself_within_a_language() {
    let alike = |a: Label, b: Label| {
        use Label::*;
        let group = |label: Label| match label {
            VatId | TaxNumber | VatAmount | VatRate => 1,
            OrderNumber | SalesOrder => 2,
            PaymentTerms | DueDate | PaymentMeans | CashDiscount => 3,
            BankName | AccountNumber | RemitTo | Vendor | BankCode | Iban => 4,
            other => 100 + other as u32,
        };
        group(a) == group(b)
    };
    let mut clashes = Vec::new();
    for language in LANGUAGES {
        let file: LanguageFile = source::parse(language.code, language.toml).expect("parses");
        let mut seen: BTreeMap<String, Label> = BTreeMap::new();
        for (key, phrases) in &file.labels {
            let label = source::label(language.code, key).expect("a label");
            if label.is_column() || label.is_title() {
                continue;
            }
            for phrase in phrases {
                let folded = phrase
                    .split_whitespace()
                    .flat_map(keys)
                    .collect::<Vec<_>>()
                    .join(" ");
                if let Some(other) = seen.insert(folded, label)
                    && other != label
                    && !alike(other, label)
                {
                    let clash = format!("{}: `{phrase}` {} {key}", language.code, other.key());
                    clashes.push(clash);
                }
            }
        }
    }
    assert!(clashes.is_empty(), "{}", clashes.join("\n"));
}

#[test]
fn phrases_of_real_invoices() {
    use Label::*;
    for (text, expected) in [
        ("Invoice No.: 123", Some((InvoiceNumber, 2))),
        ("Invoice # 123", Some((InvoiceNumber, 2))),
        ("INVOICE NUMBER", Some((InvoiceNumber, 2))),
        ("lnvoice No", Some((InvoiceNumber, 2))),
        ("Rechnungs-Nr.:", Some((InvoiceNumber, 1))),
        ("Rechnungsnummer", Some((InvoiceNumber, 1))),
        ("Rechnung Nr. 4711", Some((InvoiceNumber, 2))),
        ("Facture N° 12", Some((InvoiceNumber, 2))),
        ("N° de facture", Some((InvoiceNumber, 3))),
        ("Número de factura:", Some((InvoiceNumber, 3))),
        ("Fattura n. 12", Some((InvoiceNumber, 2))),
        ("Factuurnummer :", Some((InvoiceNumber, 2))),
        ("Faktura VAT nr FV/1", Some((InvoiceNumber, 3))),
        ("Fatura n.º 12", Some((InvoiceNumber, 2))),
        ("Tax Invoice", Some((TitleInvoice, 2))),
        ("Balance due", Some((AmountDue, 2))),
        ("Grand Total:", Some((Total, 2))),
        ("TOTAL RM 12.90", Some((Total, 2))),
        ("CASH", Some((Cash, 1))),
        ("CHANGE", Some((Change, 1))),
        ("Gegeben", Some((Cash, 1))),
        ("Rückgeld", Some((Change, 1))),
        ("SUMME EUR", Some((Total, 2))),
        ("Gesamtbetrag", Some((Total, 1))),
        ("zu zahlen", Some((AmountDue, 2))),
        ("GSTIN: 27AAACR", Some((TaxNumber, 1))),
        ("ABN 12 345", Some((TaxNumber, 1))),
        ("Termin płatności:", Some((DueDate, 2))),
        ("Razem do zapłaty", Some((AmountDue, 3))),
        ("DATE D’ÉCHÉANCE", Some((DueDate, 2))),
        ("P.O. Number", Some((OrderNumber, 2))),
        ("P.IVA", Some((VatId, 1))),
        ("Ust-IdNr.:", Some((VatId, 1))),
        ("Sub-Total", Some((Subtotal, 1))),
        ("Total(EUR)", Some((Total, 1))),
        ("Facture/Invoice", Some((TitleInvoice, 1))),
        ("Montag 12", None),
        ("", None),
    ] {
        assert_eq!(best(text), expected, "{text}");
    }
}

#[test]
fn a_few_words_make_no_language_certain() {
    let text = "Please find the invoice for your order and the terms of payment for the goods that we sent to you";
    let words: Vec<&str> = text.split_whitespace().collect();
    assert_eq!(lexicon().certain_language(&words), Some("en"));
    for text in ["Invoice No. 4711 Total 121.00 EUR VAT 21%", "Total", ""] {
        let words: Vec<&str> = text.split_whitespace().collect();
        assert_eq!(lexicon().certain_language(&words), None, "{text}");
    }
}

#[test]
fn words_that_only_qualify_others() {
    let lexicon = lexicon();
    for (word, code) in [
        ("SR", true),
        ("(S)", true),
        ("S/", false),
        ("RM", false),
        ("", false),
    ] {
        assert_eq!(lexicon.is_tax_code(word), code, "{word}");
    }
    assert!(
        lexicon.is_number_word("nr")
            && lexicon.is_number_word("")
            && !lexicon.is_number_word("invoice")
    );
    assert!(
        lexicon.is_vat_included("inkl")
            && lexicon.is_vat_included("ttc")
            && !lexicon.is_vat_included("zzgl")
    );
    assert!(lexicon.is_shared_domain("gmail") && !lexicon.is_shared_domain("acme"));
}

/// `Attention` names a contact in English and the recipient in Danish; German has no such phrase and takes both.
#[test]
fn the_language_of_the_page_says_what_a_phrase_means() {
    for (language, contact, buyer) in [
        (Some("en"), true, false),
        (Some("da"), false, true),
        (Some("de"), true, true),
        (None, true, true),
    ] {
        let hits = lexicon().label_at(&["Attention"], language);
        let has = |label: Label| hits.iter().any(|hit| hit.label == label);
        assert_eq!(
            (has(Label::Contact), has(Label::Buyer)),
            (contact, buyer),
            "{language:?}"
        );
    }
}

#[test]
fn one_phrase_may_announce_several_labels() {
    let labels: Vec<Label> = lexicon()
        .label_at(&["Total"], None)
        .iter()
        .map(|hit| hit.label)
        .collect();
    assert!(
        labels.contains(&Label::Total) && labels.contains(&Label::ColNet),
        "{labels:?}"
    );
}

#[test]
fn labels_glued_to_their_values() {
    for (words, expected) in [
        (
            vec!["Invoice#:12345"],
            Some((Label::InvoiceNumber, 1, "12345")),
        ),
        (
            vec!["Rechnungsnummer:4711"],
            Some((Label::InvoiceNumber, 1, "4711")),
        ),
        (
            vec!["Invoice", "#12345"],
            Some((Label::InvoiceNumber, 2, "12345")),
        ),
        (
            vec!["Invoice", "No.:12345"],
            Some((Label::InvoiceNumber, 2, "12345")),
        ),
        (
            vec!["Rechnung", "Nr.4711"],
            Some((Label::InvoiceNumber, 2, "4711")),
        ),
        (
            vec!["Date:01/15/2026"],
            Some((Label::InvoiceDate, 1, "01/15/2026")),
        ),
        (
            vec!["Total:€1.500,00"],
            Some((Label::Total, 1, "€1.500,00")),
        ),
        (vec!["12:30"], None),
        (vec!["www.example.com"], None),
        (vec!["Invoice#"], None),
    ] {
        let found = lexicon()
            .label_glued(&words, None)
            .map(|(hit, value)| (hit.label, hit.words, value));
        assert_eq!(found, expected, "{words:?}");
    }
}

#[test]
fn terms_currencies_countries_and_forms() {
    let lexicon = lexicon();
    for (text, days) in [
        ("Payable within 30 days", Some(30)),
        ("zahlbar innerhalb von 14 Tagen", Some(14)),
        ("netto 30 Tage", Some(30)),
        ("10 Tage 2 % Skonto, 30 Tage netto", Some(30)),
        ("30 jours", Some(30)),
        ("Net 30", Some(30)),
        ("due upon receipt", Some(0)),
        ("sofort fällig", Some(0)),
        ("przelew 14 dni", Some(14)),
        ("60 gg d.f.", Some(60)),
        ("binnen 30 dagen", Some(30)),
        ("Thank you", None),
        ("within 9999 days", None),
    ] {
        assert_eq!(lexicon.net_days(text), days, "{text}");
    }
    for (word, code) in [
        ("€", Some("EUR")),
        ("EUR", Some("EUR")),
        ("zł", Some("PLN")),
        ("CHF", Some("CHF")),
        ("Rs.", Some("INR")),
        ("RM", Some("MYR")),
        ("£", Some("GBP")),
        ("$", Some("USD")),
        ("Euro", Some("EUR")),
        ("Total", None),
    ] {
        assert_eq!(lexicon.currencies(word).first().copied(), code, "{word}");
    }
    assert!(lexicon.currencies("kr").len() > 2);
    for (name, code) in [
        ("Deutschland", Some("DE")),
        ("PAYS-BAS", Some("NL")),
        ("Polska", Some("PL")),
        ("Berlin", None),
    ] {
        assert_eq!(lexicon.country(name), code, "{name}");
    }
    assert!(
        lexicon.is_legal_form("GmbH")
            && lexicon.is_legal_form("S.r.l.")
            && !lexicon.is_legal_form("Muster")
    );
    assert_eq!(lexicon.legal_form_at(&["Sp.", "z", "o.o.", "ul."]), Some(3));
}

#[test]
fn codes_of_the_world_are_codes() {
    let world: WorldFile = source::parse("world", WORLD).expect("parses");
    for code in world
        .currencies
        .keys()
        .chain(world.shared_signs.values().flatten())
    {
        assert!(crate::model::minor_units(code).is_some(), "{code}");
        assert_eq!(intern(code), code);
    }
    for (code, names) in &world.countries {
        assert!(code.len() == 2 && !names.is_empty(), "{code}");
        assert_eq!(intern(code), code);
    }
}

#[test]
fn the_language_of_a_page() {
    for (text, code) in [
        (
            "Thank you for your order. Please pay the amount due within 30 days",
            Some("en"),
        ),
        (
            "Bitte überweisen Sie den Rechnungsbetrag innerhalb von 14 Tagen auf unser Konto",
            Some("de"),
        ),
        (
            "Veuillez régler votre facture dans les 30 jours",
            Some("fr"),
        ),
        (
            "El importe de la factura se cargará en su cuenta",
            Some("es"),
        ),
        (
            "Il pagamento della fattura con bonifico entro la scadenza",
            Some("it"),
        ),
        (
            "Wij verzoeken u het bedrag binnen 14 dagen over te maken",
            Some("nl"),
        ),
        ("Prosimy o zapłatę na konto w terminie do dnia", Some("pl")),
        (
            "Os pagamentos da fatura são feitos até ao vencimento",
            Some("pt"),
        ),
        ("12345 67890", None),
    ] {
        let words: Vec<&str> = text.split_whitespace().collect();
        assert_eq!(lexicon().language(&words), code, "{text}");
    }
}

/// S3's few-shot example, verbatim: a date in the American order beside an amount in the European one.
#[test]
fn the_few_shot_example() {
    let text = "Invoice #12345\nDate: 01/15/2026\nTotal: €1.500,00";
    let lines: Vec<Vec<&str>> = text
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    let (hit, number) = lexicon()
        .label_glued(&lines[0], Some("en"))
        .expect("a number");
    assert_eq!((hit.label, number), (Label::InvoiceNumber, "12345"));
    let label = |words: &[&str]| lexicon().label_at(words, Some("en"))[0].label;
    assert_eq!(label(&lines[1]), Label::InvoiceDate);
    let found = &dates::find(&lines[1])[0];
    assert_eq!(found.readings.len(), 1);
    assert_eq!(
        (found.readings[0].0.to_string(), found.readings[0].1),
        ("2026-01-15".to_owned(), Order::Mdy)
    );
    assert_eq!(label(&lines[2]), Label::Total);
    let total = numbers::best(lines[2][1], None).expect("an amount");
    assert_eq!(
        (total.value.to_string(), total.currency),
        ("1500.00".to_owned(), Some("EUR"))
    );
}

/// Danish: labels, dates, amounts, terms and the language itself.
#[test]
fn danish_invoices() {
    use Label::*;
    for (text, expected) in [
        ("Fakturanr.: 1047", Some((InvoiceNumber, 1))),
        ("Faktura nr. 1047", Some((InvoiceNumber, 2))),
        ("Fakturadato", Some((InvoiceDate, 1))),
        ("Forfaldsdato:", Some((DueDate, 1))),
        ("Sidste rettidige betalingsdato", Some((DueDate, 3))),
        ("Betalingsbetingelser:", Some((PaymentTerms, 1))),
        ("CVR-nr. 31847265", Some((VatId, 1))),
        ("Rekvisitionsnr.", Some((OrderNumber, 1))),
        ("EAN-nr. 5798", Some((Reference, 1))),
        ("Reg.nr. 7042", Some((BankCode, 1))),
        ("I alt ekskl. moms", Some((Subtotal, 4))),
        ("25 % moms", Some((VatAmount, 3))),
        ("I alt inkl. moms", Some((Total, 4))),
        ("At betale", Some((AmountDue, 2))),
        ("Øreafrunding", Some((Rounding, 1))),
        ("Stk. pris", Some((ColUnitPrice, 2))),
        ("Følgeseddel nr.", Some((DeliveryNote, 2))),
        ("KREDITNOTA", Some((TitleCreditNote, 1))),
        ("Rykkerskrivelse", Some((TitleReminder, 1))),
    ] {
        assert_eq!(best(text), expected, "{text}");
    }
    for (text, expected) in [
        ("14-01-2026", "2026-01-14"),
        ("14.01.26", "2026-01-14"),
        ("14. januar 2026", "2026-01-14"),
        ("den 3. maj 2026", "2026-05-03"),
        ("31. okt. 2025", "2025-10-31"),
    ] {
        let words: Vec<&str> = text.split_whitespace().collect();
        let found = dates::find(&words);
        let date = found.first().map(|found| found.readings[0].0.to_string());
        assert_eq!(date.as_deref(), Some(expected), "{text}");
    }
    for (text, expected) in [
        ("1.234,50", "1234.50"),
        ("12.500", "12500"),
        ("86,5", "86.5"),
    ] {
        let read = numbers::best(text, Some(numbers::Mark::Comma)).map(|read| read.value);
        assert_eq!(read, expected.parse().ok(), "{text}");
    }
    for (text, days) in [
        ("Netto 14 dage", Some(14)),
        ("Betales senest 8 dage efter modtagelse", Some(8)),
        ("Netto kontant", Some(0)),
    ] {
        assert_eq!(lexicon().net_days(text), days, "{text}");
    }
    assert_eq!(lexicon().currencies("kr.").first(), Some(&"DKK"));
    assert_eq!(lexicon().vat_countries("da"), ["DK"]);
    let text = "Oplys venligst fakturanummeret ved betaling senest den 28. januar til vores konto";
    let words: Vec<&str> = text.split_whitespace().collect();
    assert_eq!(lexicon().language(&words), Some("da"));
}
