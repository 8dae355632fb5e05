//! The country the seller is in, by what tells it without naming it: legal form, ends of domains, telephone numbers.

use super::address;
use super::context::inside;
use super::draft::Draft;
use super::supplier::host_of;
use super::view::View;
use crate::lang::lexicon;

/// A country and what speaks for it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Home {
    /// ISO 3166-1 code.
    pub(super) country: &'static str,
    /// Points: a legal form of that country alone 1.5, an address, its name, a domain, a telephone number 1 each, a city 0.8.
    pub(super) points: f64,
    /// What tells it, as printed.
    pub(super) because: String,
    /// The buyer is in another country, so that prices may well be in another currency.
    pub(super) abroad: bool,
}

/// The country that most speaks for, outside of what belongs to the buyer.
pub(super) fn find(view: &View<'_>, draft: &Draft) -> Option<Home> {
    let mut homes: Vec<Home> = Vec::new();
    let mut theirs: Vec<&'static str> = Vec::new();
    let mut vote = |country: &'static str, points: f64, because: String| {
        match homes.iter_mut().find(|home| home.country == country) {
            // Each kind of sign counts once: letterhead and foot say the same.
            Some(home) if home.because.contains(&because) => {}
            Some(home) => {
                home.points += points;
                home.because = format!("{}, {because}", home.because);
            }
            None => homes.push(Home {
                country,
                points,
                because,
                abroad: false,
            }),
        }
    };
    for (number, page) in view.pages.iter().enumerate() {
        for segment in &page.sheet.segments {
            let texts = &page.texts[segment.words.clone()];
            if inside(&draft.parties.buyer_zones, number, segment.rect) {
                theirs.extend(named(texts));
                continue;
            }
            for at in 0..texts.len() {
                if at > 0
                    && let Some(country) = lexicon().country_of_legal_form(&texts[at..])
                {
                    vote(country, 1.5, texts[at].to_owned());
                }
                if let Some(country) = lexicon().country_of_phone(texts[at]) {
                    vote(country, 1.0, "telephone".to_owned());
                }
                if let Some(country) = host_of(texts[at]).as_deref().and_then(of_host) {
                    vote(country, 1.0, "domain".to_owned());
                }
            }
            let mut at = 0;
            while at < texts.len() {
                let place = lexicon().place_at(&texts[at..]);
                if let Some((country, taken)) = place {
                    vote(country, 0.8, texts[at..at + taken].join(" ").to_lowercase());
                }
                at += place.map_or(1, |(_, taken)| taken);
            }
            if let Some(country) = address::postal(texts).and_then(|found| found.country) {
                vote(country, 1.0, "address".to_owned());
            }
            if let Some(country) = named(texts) {
                vote(country, 1.0, "country".to_owned());
            }
        }
    }
    let best = homes.into_iter().reduce(|best, home| {
        if home.points > best.points {
            home
        } else {
            best
        }
    });
    best.map(|home| Home {
        abroad: theirs.iter().any(|country| *country != home.country),
        ..home
    })
}

/// The country whose name a line ends with.
fn named(texts: &[&str]) -> Option<&'static str> {
    let line = texts.join(" ");
    let last = line.rsplit(',').next().unwrap_or("").trim();
    lexicon().country(last)
}

/// The country of a host's last part, if it is one that companies use for their country only.
fn of_host(host: &str) -> Option<&'static str> {
    let top = host.rsplit('.').next()?;
    let code = if top == "uk" { "GB" } else { top };
    lexicon().country_code(&code.to_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_of_domains() {
        for (host, country) in [
            ("acme.com.my", Some("MY")),
            ("acme.co.uk", Some("GB")),
            ("acme.de", Some("DE")),
            ("acme.com", None),
            ("acme.io", None),
        ] {
            assert_eq!(of_host(host), country, "{host}");
        }
    }
}
