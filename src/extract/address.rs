//! Postal addresses: which line carries post code and city, and the parts of a block of lines.
//!
//! Forms of post codes: Universal Postal Union, postal addressing systems by country. Streets are told by a house number
//! only, so that no vocabulary of street words is needed.

use crate::lang::lexicon;
use crate::model::{Address, Field};

/// Post code and city found in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Postal {
    /// The post code as printed, without a country prefix.
    pub(super) postcode: String,
    /// The city.
    pub(super) city: String,
    /// State or province, where it stands before the post code.
    pub(super) region: Option<String>,
    /// Country, where the form tells.
    pub(super) country: Option<&'static str>,
    /// The first word of it in the line.
    pub(super) start: usize,
}

/// Country prefixes before a post code.
const PREFIXES: &[(&str, &str)] = &[
    ("A", "AT"),
    ("AT", "AT"),
    ("B", "BE"),
    ("BE", "BE"),
    ("CH", "CH"),
    ("CZ", "CZ"),
    ("D", "DE"),
    ("DE", "DE"),
    ("DK", "DK"),
    ("E", "ES"),
    ("ES", "ES"),
    ("F", "FR"),
    ("FI", "FI"),
    ("FR", "FR"),
    ("H", "HU"),
    ("HU", "HU"),
    ("I", "IT"),
    ("IT", "IT"),
    ("L", "LU"),
    ("LU", "LU"),
    ("N", "NO"),
    ("NL", "NL"),
    ("NO", "NO"),
    ("P", "PT"),
    ("PL", "PL"),
    ("PT", "PT"),
    ("RO", "RO"),
    ("S", "SE"),
    ("SE", "SE"),
    ("SI", "SI"),
    ("SK", "SK"),
];
/// States of the USA, provinces of Canada, states of Australia.
const STATES: &str = " AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC \
SD TN TX UT VT VA WA WV WI WY DC PR AB BC MB NB NL NS ON PE QC SK YT NSW QLD VIC TAS ACT NT ";

/// Finds post code and city in the words of a line.
pub(super) fn postal(words: &[&str]) -> Option<Postal> {
    (0..words.len()).find_map(|at| {
        state_form(words, at)
            .or_else(|| british(words, at))
            .or_else(|| code_first(words, at))
    })
}

/// `City, ST 12345`.
fn state_form(words: &[&str], at: usize) -> Option<Postal> {
    let state = bare(words[at]);
    if at == 0 || !STATES.contains(&format!(" {state} ")) {
        return None;
    }
    let code = bare(words.get(at + 1)?);
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    let zip =
        matches!(digits.len(), 4 | 5 | 9) && code.chars().all(|c| c.is_ascii_digit() || c == '-');
    let canadian = code.len() == 3 && shape(code) == "A9A";
    if !zip && !canadian {
        return None;
    }
    let city_start = words[..at]
        .iter()
        .rposition(|word| {
            word.chars().any(|c| c.is_ascii_digit())
                || word.ends_with(',') && *word != words[at - 1]
        })
        .map_or(0, |last| last + 1);
    let city = join(&words[city_start..at]);
    let postcode = if canadian {
        format!("{code} {}", bare(words.get(at + 2)?))
    } else {
        code.to_owned()
    };
    (!city.is_empty()).then(|| Postal {
        postcode,
        city,
        region: Some(state.to_owned()),
        country: (digits.len() >= 5)
            .then_some("US")
            .or(canadian.then_some("CA")),
        start: city_start,
    })
}

/// `London SW1A 1AA`.
fn british(words: &[&str], at: usize) -> Option<Postal> {
    let outward = bare(words[at]);
    let inward = bare(words.get(at + 1)?);
    let outward_fits = matches!(
        shape(outward).as_str(),
        "A9" | "A99" | "AA9" | "AA99" | "A9A" | "AA9A"
    );
    if !outward_fits || shape(inward) != "9AA" {
        return None;
    }
    Some(Postal {
        postcode: format!("{outward} {inward}"),
        city: join(&words[..at]),
        region: None,
        country: Some("GB"),
        start: 0,
    })
}

/// `12345 City` in its many lengths.
fn code_first(words: &[&str], at: usize) -> Option<Postal> {
    let word = bare(words[at]);
    let (mut country, mut code) = (None, word);
    if let Some((prefix, rest)) = word.split_once('-')
        && let Some((_, iso)) = PREFIXES.iter().find(|(known, _)| *known == prefix)
    {
        (country, code) = (Some(*iso), rest);
    }
    let mut next = at + 1;
    let form = shape(code);
    let mut postcode = code.to_owned();
    match form.as_str() {
        "9999" => {
            if let Some(letters) = words.get(next).map(|word| bare(word))
                && shape(letters) == "AA"
                && letters.chars().all(|c| c.is_ascii_uppercase())
                && words.get(next + 1).is_some_and(|city| is_city(city))
            {
                postcode = format!("{code} {letters}");
                country = country.or(Some("NL"));
                next += 1;
            } else if country.is_none()
                && (code.starts_with("19") || code.starts_with("20"))
                && at > 0
            {
                // More likely a year in the middle of a line.
                return None;
            }
        }
        "9999AA" => country = country.or(Some("NL")),
        "99-999" => country = country.or(Some("PL")),
        "9999-999" => country = country.or(Some("PT")),
        "99999-999" => country = country.or(Some("BR")),
        "99999" | "999999" => {}
        "999" => {
            // `123 45 City` in Sweden, Czechia, Slovakia, Greece.
            let second = bare(words.get(next)?);
            if shape(second) != "99" {
                return None;
            }
            postcode = format!("{code} {second}");
            next += 1;
        }
        _ => return None,
    }
    let first = words.get(next)?;
    if !is_city(first) {
        return None;
    }
    let end = (next..words.len())
        .find(|&i| {
            i > next && (!is_city_part(words[i]) || words[i - 1].ends_with([',', '|', '•', '·']))
        })
        .unwrap_or(words.len());
    Some(Postal {
        postcode,
        city: join(&words[next..end]),
        region: None,
        country,
        start: at,
    })
}

/// Letters as `A`, digits as `9`, the rest as it is.
fn shape(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_ascii_digit() {
                '9'
            } else if c.is_alphabetic() {
                'A'
            } else {
                c
            }
        })
        .collect()
}

fn is_city(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    word.chars().next().is_some_and(char::is_uppercase)
        && word.chars().filter(|c| c.is_alphabetic()).count() >= 2
        && !word.chars().any(|c| c.is_ascii_digit())
}

fn is_city_part(word: &str) -> bool {
    word.chars()
        .all(|c| c.is_alphabetic() || matches!(c, '.' | '-' | '\'' | '’' | '/' | '(' | ')' | ','))
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

fn join(words: &[&str]) -> String {
    words
        .join(" ")
        .trim_matches(|c: char| !c.is_alphanumeric() && c != ')')
        .to_owned()
}

/// Tells whether a line reads like a street: words and a house number, nothing else in digits.
pub(super) fn is_street(words: &[&str]) -> bool {
    let mut letters = 0;
    let mut house = false;
    for word in words {
        let word = bare(word);
        let digits = word.chars().filter(char::is_ascii_digit).count();
        if digits == 0 {
            letters += word.chars().filter(|c| c.is_alphabetic()).count();
        } else if digits <= 5 && word.chars().count() <= 8 {
            house = true;
        } else {
            return false;
        }
    }
    house && letters >= 3 && words.len() >= 2
}

/// The parts of an address from its lines, the name left out. `None` without a line that carries a post code.
pub(super) fn parse(lines: &[String]) -> Option<Address> {
    let (at, found) = lines.iter().enumerate().find_map(|(i, line)| {
        let words: Vec<&str> = line.split_whitespace().collect();
        postal(&words).map(|found| (i, found))
    })?;
    let mut streets: Vec<String> = lines[..at].to_vec();
    let words: Vec<&str> = lines[at].split_whitespace().collect();
    let before = join(&words[..found.start.min(words.len())]);
    if before.chars().filter(|c| c.is_alphanumeric()).count() > 3 {
        streets.push(before);
    }
    let named = lines[at + 1..]
        .iter()
        .take(2)
        .find_map(|line| lexicon().country(line.trim_matches(|c: char| !c.is_alphanumeric())));
    let last_word = words.last().and_then(|word| lexicon().country(word));
    let mut streets = streets.into_iter();
    Some(Address {
        line1: Field::found(streets.next()),
        line2: streets.next().map_or(Field::Absent, Field::Value),
        line3: streets.next().map_or(Field::Absent, Field::Value),
        city: Field::found((!found.city.is_empty()).then_some(found.city)),
        postcode: Field::Value(found.postcode),
        region: found.region.map_or(Field::Absent, Field::Value),
        country: Field::found(named.or(last_word).or(found.country).map(str::to_owned)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn post_codes_and_cities() {
        for (line, expected) in [
            ("12345 Musterstadt", Some(("12345", "Musterstadt", None))),
            (
                "D-63571 Gelnhausen",
                Some(("63571", "Gelnhausen", Some("DE"))),
            ),
            ("05-122 Wilanów", Some(("05-122", "Wilanów", Some("PL")))),
            ("3500 MJ Utrecht", Some(("3500 MJ", "Utrecht", Some("NL")))),
            ("4528 Zuchwil", Some(("4528", "Zuchwil", None))),
            (
                "New York, NY, 10001",
                Some(("10001", "New York", Some("US"))),
            ),
            (
                "Atlanta, GA 30374-4201",
                Some(("30374-4201", "Atlanta", Some("US"))),
            ),
            ("London SW1A 1AA", Some(("SW1A 1AA", "London", Some("GB")))),
            (
                "Street 5, 60435 Frankfurt am Main",
                Some(("60435", "Frankfurt am Main", None)),
            ),
            ("3500-169 VISEU", Some(("3500-169", "VISEU", Some("PT")))),
            ("Total 1500", None),
            ("Rechnung vom 15. Mai 2023 Berlin", None),
            ("", None),
        ] {
            let words: Vec<&str> = line.split_whitespace().collect();
            let found = postal(&words);
            let found = found
                .as_ref()
                .map(|p| (p.postcode.as_str(), p.city.as_str(), p.country));
            assert_eq!(found, expected, "{line}");
        }
    }

    #[test]
    fn streets() {
        for (line, expected) in [
            ("Musterweg 12a", true),
            ("512 2nd Street, Suite 200", true),
            ("ul. Towarowa 35/37", true),
            ("Some Company", false),
            ("Invoice 2023000123", false),
        ] {
            let words: Vec<&str> = line.split_whitespace().collect();
            assert_eq!(is_street(&words), expected, "{line}");
        }
    }
}
