//! The texts of payment codes: EPC069-12 (`BCD`), Swiss QR-bill (`SPC`), Spayd (`SPD`).
//!
//! All three are lists of elements at fixed places or under fixed keys. An element that does not read as what it should be is
//! left out; a code without an account is none.

use super::Payload;
use crate::model::{Amount, compact, is_bic, minor_units};

/// Places of the elements in a code whose elements are lines, counted from 0.
struct Lines {
    kind: &'static str,
    mark: &'static str,
    iban: usize,
    bic: Option<usize>,
    name: usize,
    amount: usize,
    /// Where the currency has a line of its own; else it stands before the amount.
    currency: Option<usize>,
    references: &'static [usize],
}

const LINES: &[Lines] = &[
    // EPC069-12 version 2.1, table 2: the reference is structured (9) or free text (10).
    Lines {
        kind: "epc",
        mark: "BCD",
        iban: 6,
        bic: Some(4),
        name: 5,
        amount: 7,
        currency: None,
        references: &[9, 10],
    },
    // Swiss Implementation Guidelines QR-bill, version 2.3, chapter 4.
    Lines {
        kind: "swiss",
        mark: "SPC",
        iban: 3,
        bic: None,
        name: 5,
        amount: 18,
        currency: Some(19),
        references: &[28],
    },
];

/// What a payment code says; `None` if it is of no form that is known.
pub(super) fn parse(text: &str) -> Option<Payload> {
    let payload = match text.strip_prefix("SPD*") {
        Some(rest) => spayd(rest),
        None => lines(text)?,
    };
    payload.iban.is_some().then_some(payload)
}

fn lines(text: &str) -> Option<Payload> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let form = LINES
        .iter()
        .find(|form| lines.first() == Some(&form.mark))?;
    let line = |at: usize| {
        let line = lines.get(at).copied().unwrap_or_default();
        (!line.is_empty()).then(|| line.to_owned())
    };
    let money = line(form.amount).unwrap_or_default();
    let (currency, amount) = match form.currency {
        Some(at) => (line(at), money.as_str()),
        None => match money.split_at_checked(3) {
            Some((currency, amount)) => (Some(currency.to_owned()), amount),
            None => (None, ""),
        },
    };
    Some(Payload {
        kind: form.kind,
        iban: line(form.iban).and_then(|text| iban(&text)),
        bic: form.bic.and_then(line).filter(|bic| is_bic(bic)),
        name: line(form.name),
        amount: positive(amount),
        currency: currency.filter(|code| minor_units(code).is_some()),
        reference: form.references.iter().find_map(|at| line(*at)),
    })
}

/// Short Payment Descriptor, version 1.0: `KEY:VALUE` parted by stars, values percent-encoded where they hold one.
fn spayd(rest: &str) -> Payload {
    let pairs: Vec<(&str, String)> = rest
        .split('*')
        .filter_map(|pair| pair.split_once(':'))
        .map(|(key, value)| (key, unescaped(value)))
        .collect();
    let value = |key: &str| {
        let found = pairs.iter().find(|(known, _)| *known == key);
        found
            .map(|(_, value)| value.trim().to_owned())
            .filter(|value| !value.is_empty())
    };
    let account = value("ACC").unwrap_or_default();
    let (number, bic) = account.split_once('+').unwrap_or((&account, ""));
    Payload {
        kind: "other",
        iban: iban(number),
        bic: is_bic(bic).then(|| bic.to_owned()),
        name: value("RN"),
        amount: value("AM").as_deref().and_then(positive),
        currency: value("CC").filter(|code| minor_units(code).is_some()),
        // The variable symbol is what Czech and Slovak banks match by.
        reference: value("X-VS").or_else(|| value("RF")),
    }
}

fn unescaped(value: &str) -> String {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = |at: usize| {
            tail.get(at)
                .and_then(|digit| char::from(*digit).to_digit(16))
        };
        if let (b'%', Some(high), Some(low)) = (first, hex(0), hex(1)) {
            bytes.push((high * 16 + low) as u8);
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// An account as IBANs are compared, if it has the look of one; its check digits are a rule's to judge.
fn iban(text: &str) -> Option<String> {
    let iban = compact(text);
    let bytes = iban.as_bytes();
    let is = (15..=34).contains(&bytes.len())
        && bytes[..2].iter().all(u8::is_ascii_uppercase)
        && bytes[2..4].iter().all(u8::is_ascii_digit)
        && bytes.iter().all(u8::is_ascii_alphanumeric);
    is.then_some(iban)
}

/// An amount of a code: plain digits with a point, more than nothing.
fn positive(text: &str) -> Option<Amount> {
    let plain = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    let amount: Amount = text.parse().ok().filter(|_| plain && text.len() <= 16)?;
    (amount > Amount::default()).then_some(amount)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SWISS: &str = "SPC\r\n0200\r\n1\r\nCH4431999123000889012\r\nS\r\nRobert Schneider AG\r\nRue du Lac\r\n1268\r\n2501\r\nBiel\r\nCH\r\n\
        \r\n\r\n\r\n\r\n\r\n\r\n\r\n1949.75\r\nCHF\r\nS\r\nPia Rutschmann\r\nMarktgasse\r\n28\r\n9400\r\nRorschach\r\nCH\r\n\
        QRR\r\n210000000003139471430009017\r\nOrder of 15.6.2020\r\nEPD\r\n//S1/10/10201409/11/200701";

    /// Kind, account, BIC, name, amount, currency, reference, parted by bars.
    fn shown(text: &str) -> Option<String> {
        let payload = parse(text)?;
        let amount = payload.amount.map(|amount| amount.to_string());
        let parts = [
            Some(payload.kind.to_owned()),
            payload.iban,
            payload.bic,
            payload.name,
            amount,
            payload.currency,
            payload.reference,
        ];
        Some(parts.map(Option::unwrap_or_default).join("|"))
    }

    #[test]
    fn codes_are_read_by_their_forms() {
        for (text, expected) in [
            (
                "BCD\n002\n1\nSCT\nCOBADEFFXXX\nExample GmbH\nDE89 3704 0044 0532 0130 00\nEUR1190\nGDDS\nRF18539007547034\n\nhint",
                Some(
                    "epc|DE89370400440532013000|COBADEFFXXX|Example GmbH|1190|EUR|RF18539007547034",
                ),
            ),
            (
                "BCD\r\n001\r\n2\r\nSCT\r\n\r\nFranz Müller\r\nAT611904300234573201\r\n\r\n\r\n\r\nRE 17",
                Some("epc|AT611904300234573201||Franz Müller|||RE 17"),
            ),
            (
                SWISS,
                Some(
                    "swiss|CH4431999123000889012||Robert Schneider AG|1949.75|CHF|210000000003139471430009017",
                ),
            ),
            (
                "SPD*1.0*ACC:CZ5855000000001265098001+RZBCCZPP*AM:480.50*CC:CZK*X-VS:1234567890*MSG:Za%20pivo*RN:Pivovar%2A",
                Some("other|CZ5855000000001265098001|RZBCCZPP|Pivovar*|480.50|CZK|1234567890"),
            ),
            // What does not read as it should is left out.
            (
                "BCD\n002\n1\nSCT\n\nX\nDE89370400440532013000\nEUR-5.00",
                Some("epc|DE89370400440532013000||X||EUR|"),
            ),
            (
                "SPD*1.0*ACC:CZ5855000000001265098001*AM:1e9*CC:KCS*RN:%",
                Some("other|CZ5855000000001265098001||%|||"),
            ),
            (
                "BCD\n002\n1\nSCT\n99-99-888\nX\nDE89370400440532013000\nEUR5",
                Some("epc|DE89370400440532013000||X|5|EUR|"),
            ),
            // No account, no code.
            ("BCD\n002\n1\nSCT\n\nX\n12345\nEUR5.00", None),
            ("BCD", None),
            ("SPC\n0200", None),
            ("SPD*1.0*AM:5", None),
            ("https://example.com", None),
            ("", None),
        ] {
            assert_eq!(shown(text).as_deref(), expected, "{text}");
        }
    }
}
