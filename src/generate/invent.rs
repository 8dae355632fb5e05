//! Invoices that no one sent: parties, lines and sums that follow from a language, a layout and a seed.

use super::complete::complete;
use super::dice::Dice;
use super::ids;
use super::template::{Kind, Layout};
use super::words::{Words, world};
use crate::model::{
    Account, Address, Amount, Date, Decimal, Field, Invoice, LineItem, Payment, PrecedingInvoice,
    Quantity, Rate,
};

/// Days until payment, as terms have them.
const TERMS: [i64; 6] = [7, 8, 14, 21, 30, 60];

/// Invents an invoice that a layout can print.
pub fn invent(words: &Words, layout: &Layout, seed: u64) -> Invoice {
    let mut dice = Dice::named(seed, "invoice");
    let mut invoice = Invoice {
        currency: words.currency.clone().into(),
        language: words.language.to_owned().into(),
        country: words.country.clone().into(),
        ..Invoice::default()
    };
    let kind = *Dice::named(seed, "kind").pick(&layout.kinds);
    header(&mut invoice, &mut dice, kind);
    vendor(&mut invoice, words, &mut dice);
    if kind != Kind::Receipt {
        buyer(&mut invoice, words, &mut dice);
    }
    let count = dice.between(layout.lines[0], layout.lines[1]);
    for _ in 0..count {
        invoice.line_items.push(line(words, layout, &mut dice));
    }
    complete(&mut invoice);
    if kind == Kind::Prepaid
        && let Some(total) = invoice.total.get()
    {
        let part = Decimal::from(*dice.pick(&[10_u32, 20, 25, 30, 50]));
        let paid = (total.0 * part / Decimal::ONE_HUNDRED).round_dp(2);
        invoice.paid_amount = Amount(paid).into();
        invoice.amount_due = Amount(total.0 - paid).into();
    }
    invoice
}

fn numbered(dice: &mut Dice, patterns: &[String], year: i16) -> String {
    let pattern = dice.pick(patterns).clone();
    // The year is put in behind the digits: it may hold a 9 itself.
    dice.digits(&pattern)
        .replace("{yyyy}", &year.to_string())
        .replace("{yy}", &format!("{:02}", year % 100))
}

fn header(invoice: &mut Invoice, dice: &mut Dice, kind: Kind) {
    let begin = Date::new(2023, 1, 2).expect("a day of the calendar");
    let date = begin
        .plus_days(dice.below(1050).cast_signed())
        .unwrap_or(begin);
    let year = date.0.year();
    invoice.document_type = if kind == Kind::Credit { "381" } else { "380" }
        .to_owned()
        .into();
    invoice.invoice_number = numbered(dice, &world().invoice_numbers, year).into();
    invoice.invoice_date = date.into();
    invoice.due_date = Field::found(date.plus_days(*dice.pick(&TERMS)));
    invoice.delivery_date = Field::found(date.plus_days(-(dice.below(12).cast_signed())));
    if !dice.one_in(4) {
        invoice.po_reference = numbered(dice, &world().order_numbers, year).into();
    }
    invoice.buyer_id = numbered(dice, &world().customer_numbers, year).into();
    if kind == Kind::Credit {
        invoice.preceding_invoices.push(PrecedingInvoice {
            number: numbered(dice, &world().invoice_numbers, year).into(),
            ..PrecedingInvoice::default()
        });
    }
}

fn address(words: &Words, dice: &mut Dice) -> Address {
    let (postcode, city) = dice.pick(&words.cities).clone();
    let number = dice.between(1, 180).to_string();
    Address {
        line1: words
            .street
            .replace("{street}", dice.pick(&words.streets).as_str())
            .replace("{n}", &number)
            .into(),
        city: city.into(),
        postcode: postcode.into(),
        country: words.country.clone().into(),
        ..Address::default()
    }
}

fn company(words: &Words, dice: &mut Dice) -> (String, String) {
    let firm = dice.pick(&words.firms).clone();
    let name = if dice.one_in(3) {
        format!("{firm} {}", dice.pick(&words.legal))
    } else {
        format!(
            "{firm} {} {}",
            dice.pick(&words.trades),
            dice.pick(&words.legal)
        )
    };
    let domain: String = crate::model::fold(&firm)
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    let domain: Vec<&str> = domain.split('-').filter(|part| !part.is_empty()).collect();
    (name, format!("{}.{}", domain.join("-"), words.tld))
}

fn vendor(invoice: &mut Invoice, words: &Words, dice: &mut Dice) {
    let (name, domain) = company(words, dice);
    let place = address(words, dice);
    let city = place.city.text().unwrap_or_default().to_owned();
    invoice.vendor_name = name.into();
    invoice.vendor_vat = ids::vat_id(dice, &words.vat).into();
    invoice.vendor_tax_number = dice.digits(&words.tax_number).into();
    invoice.vendor_registration = dice.digits(&words.register).replace("{city}", &city).into();
    invoice.vendor_phone = dice.digits(&words.phone).into();
    invoice.vendor_email = format!("info@{domain}").into();
    invoice.vendor_website = format!("www.{domain}").into();
    invoice.vendor_contact = dice.pick(&words.people).clone().into();
    invoice.vendor_address = place.into();
    let (bank, bic, pattern) = dice.pick(&words.banks).clone();
    let iban = ids::iban(dice, &words.country, &pattern);
    invoice.iban = iban.clone().into();
    invoice.bic = bic.clone().into();
    invoice.payment = Payment {
        accounts: vec![Account {
            iban: iban.into(),
            bic: bic.into(),
            bank_name: bank.into(),
            ..Account::default()
        }],
        ..Payment::default()
    }
    .into();
}

fn buyer(invoice: &mut Invoice, words: &Words, dice: &mut Dice) {
    let name = loop {
        let (name, _) = company(words, dice);
        if invoice.vendor_name.text() != Some(&name) {
            break name;
        }
    };
    invoice.buyer_name = name.into();
    invoice.buyer_address = address(words, dice).into();
    invoice.buyer_vat = ids::vat_id(dice, &words.vat).into();
}

fn line(words: &Words, layout: &Layout, dice: &mut Dice) -> LineItem {
    let (description, unit, low, high, rate) = dice.pick(&words.goods).clone();
    let cents = |text: &str| text.replace('.', "").parse::<u64>().unwrap_or(100);
    let price = Decimal::new(dice.between(cents(&low), cents(&high)).cast_signed(), 2);
    let quantity = match dice.below(6) {
        0 => Decimal::new(dice.between(2, 30).cast_signed() * 25, 2),
        1 => Decimal::from(dice.between(10, 120)),
        _ => Decimal::from(dice.between(1, 9)),
    };
    let whole = layout
        .block
        .iter()
        .all(|block| block.columns.iter().all(|(column, _)| column != "discount"));
    let discount = if whole || !dice.one_in(3) {
        Decimal::ZERO
    } else {
        Decimal::from(*dice.pick(&[5_u32, 10, 15, 20]))
    };
    LineItem {
        description: description.into(),
        quantity: Quantity(quantity.normalize()).into(),
        unit: unit.into(),
        unit_price: Quantity(price).into(),
        discount_percent: if whole {
            Field::Absent
        } else {
            Rate(discount).into()
        },
        vat_rate: words.rates[rate].parse::<Rate>().unwrap_or_default().into(),
        product_code: numbered(dice, &world().article_numbers, 25).into(),
        prices_include_vat: layout.gross.into(),
        ..LineItem::default()
    }
}
