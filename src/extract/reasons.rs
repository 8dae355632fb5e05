//! What speaks for or against a text being a party's name, and what each of these is worth.
//!
//! A name's points in a role are the sum of its reasons, each times its weight. The weights are data (`weights.toml`), learned
//! by `make train` from labelled documents; the file says from which and how well. A reason is 0 where it does not hold, 1
//! where it holds, and between or above where it is a matter of degree or number.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::calibration::rounded;

macro_rules! reasons {
    ($( $(#[$doc:meta])* $name:ident = $key:literal, )*) => {
        /// A reason for or against a name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Reason { $( $(#[$doc])* $name, )* }

        /// Keys of all reasons, in the order of their declaration.
        const KEYS: &[&str] = &[ $( $key, )* ];
    };
}

reasons! {
    /// A label calls it the seller, 0 to 1.
    LabelSeller = "label_seller",
    /// A label calls it the buyer, 0 to 1.
    LabelBuyer = "label_buyer",
    /// A label calls it the recipient of goods, 0 to 1.
    LabelShipTo = "label_ship_to",
    /// A label calls it the one to pay to, 0 to 1.
    LabelRemitTo = "label_remit_to",
    /// A label calls it the buyer in another place.
    BuyerElsewhere = "buyer_elsewhere",
    /// Elsewhere it is surely the seller: the proof there, 1 to 5.
    SellerElsewhere = "seller_elsewhere",
    /// An address follows in the same line.
    SenderLine = "sender_line",
    /// A sender's line stands over it, as in the window of an envelope.
    UnderSender = "under_sender",
    /// A domain of the document is the name.
    DomainWhole = "domain_whole",
    /// A domain of the document holds the name or is held by it.
    DomainPart = "domain_part",
    /// A domain of the document is its first word.
    DomainFirst = "domain_first",
    /// It has a legal form and stands at the foot of the page.
    Foot = "foot",
    /// It stands in the block of VAT id, register or bank data.
    Register = "register",
    /// It has a legal form.
    Legal = "legal",
    /// How near to the top of the first page it stands, 0 to 1.
    Top = "top",
    /// It is the first text of the document.
    FirstText = "first_text",
    /// It is in larger print than the page.
    Large = "large",
    /// How much larger than the page, in steps of half, up to 4.
    Larger = "larger",
    /// An address stands under it.
    Addressed = "addressed",
    /// An address stands under it in the upper part of the first page.
    AddressedUpper = "addressed_upper",
    /// The street stands directly under it.
    OverStreet = "over_street",
    /// It stands in the upper part of the first page.
    Upper = "upper",
    /// It stands in what a label gives to a recipient.
    Theirs = "theirs",
    /// It stands among the lines of the invoice.
    Middle = "middle",
    /// It stands on a later page.
    Later = "later",
    /// It stands below the middle of the page or on a later one.
    Low = "low",
    /// Another line of its block stands over it.
    Inside = "inside",
    /// It begins with a label of a bank.
    Bank = "bank",
    /// It begins with a label of a party and has no legal form.
    PartyWord = "party_word",
    /// It has more words than names have, and no legal form.
    Long = "long",
    /// It begins with a small letter.
    Small = "small",
    /// It has hardly any letters.
    Short = "short",
    /// It ends like a sentence.
    Sentence = "sentence",
    /// All its letters are capitals.
    Capitals = "capitals",
    /// It has digits in it.
    Digits = "digits",
    /// A comma ends its line, and it has no legal form: a line of an address.
    Comma = "comma",
    /// It has no legal form, and a name with one stands directly under it: a label, or a person.
    OverLegal = "over_legal",
    /// It is one word.
    OneWord = "one_word",
    /// The share of its words that labels are made of.
    Vocabulary = "vocabulary",
    /// The share of its words that stand in headings and remarks rather than in names.
    NoName = "no_name",
    /// It begins with a salutation.
    Salutation = "salutation",
    /// It is the city of an address of the document, or ends with a country.
    City = "city",
    /// Mail, telephone or web site stand in its block.
    Contact = "contact",
    /// An amount stands in its line.
    Priced = "priced",
    /// It stands on the right half of the page.
    Right = "right",
    /// It stands in the middle of the page's width.
    Centred = "centred",
    /// How unsurely it was read, 0 to 1.
    Unread = "unread",
    /// Further blocks that hold it, up to 3.
    Repeated = "repeated",
}

/// The number of reasons.
const COUNT: usize = KEYS.len();

/// A name's reasons.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Reasons([f64; COUNT]);

impl Default for Reasons {
    fn default() -> Self {
        Self([0.0; COUNT])
    }
}

impl Reasons {
    /// Says how far a reason holds.
    pub(super) fn set(&mut self, reason: Reason, value: f64) {
        self.0[reason as usize] = value;
    }

    /// Says that a reason holds.
    pub(super) fn holds(&mut self, reason: Reason, it_does: bool) {
        self.set(reason, f64::from(u8::from(it_does)));
    }

    /// How far a reason holds.
    pub(super) fn get(&self, reason: Reason) -> f64 {
        self.0[reason as usize]
    }

    /// The reasons that hold at all, for an explanation.
    pub(super) fn named(&self) -> BTreeMap<String, f64> {
        KEYS.iter()
            .zip(self.0)
            .filter(|(_, value)| *value != 0.0)
            .map(|(key, value)| ((*key).to_owned(), rounded(value)))
            .collect()
    }
}

/// What the reasons are worth in a role.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Weights {
    each: [f64; COUNT],
    /// Points that a name needs to be better than none.
    pub(super) none: f64,
}

impl Weights {
    /// The points of a name.
    pub(super) fn points(&self, reasons: &Reasons) -> f64 {
        self.each
            .iter()
            .zip(reasons.0)
            .map(|(weight, value)| weight * value)
            .sum()
    }
}

/// The weights of all roles.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Roles {
    /// Of the seller on a page.
    pub(super) seller: Weights,
    /// Of the seller on a till receipt.
    pub(super) receipt: Weights,
    /// Of the buyer.
    pub(super) buyer: Weights,
}

/// The file of the weights, for the digest of the stage's settings.
pub(super) const FILE: &str = include_str!("weights.toml");

/// The weights in use.
pub(super) fn roles() -> &'static Roles {
    static ROLES: LazyLock<Roles> =
        LazyLock::new(|| read(FILE).expect("the embedded weights are read by a test"));
    &ROLES
}

/// Reads a file of weights: a table for each role with a number for each reason, and `none`.
fn read(text: &str) -> Result<Roles, String> {
    let file: BTreeMap<String, BTreeMap<String, f64>> =
        toml::from_str(text).map_err(|error| error.to_string())?;
    let role = |name: &str| -> Result<Weights, String> {
        let table = file.get(name).ok_or(format!("no table `{name}`"))?;
        let mut weights = Weights {
            each: [0.0; COUNT],
            none: *table.get("none").ok_or(format!("{name}: no `none`"))?,
        };
        for (key, weight) in table.iter().filter(|(key, _)| *key != "none") {
            let at = KEYS
                .iter()
                .position(|known| known == key)
                .ok_or(format!("{name}: no reason `{key}`"))?;
            weights.each[at] = *weight;
        }
        Ok(weights)
    };
    Ok(Roles {
        seller: role("seller")?,
        receipt: role("receipt")?,
        buyer: role("buyer")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read_and_names_only_what_there_is() {
        assert!(read(FILE).is_ok(), "{:?}", read(FILE));
        for (wrong, says) in [
            ("[seller]\nnone = 1.0\n", "no table `receipt`"),
            (
                "[seller]\nnone = 1.0\nlabel = 2.0\n",
                "seller: no reason `label`",
            ),
            ("[seller]\nlegal = 1.0\n", "seller: no `none`"),
        ] {
            assert_eq!(read(wrong), Err(says.to_owned()));
        }
    }

    #[test]
    fn points_are_the_sum_of_reasons_times_weights() {
        let mut reasons = Reasons::default();
        reasons.set(Reason::Top, 0.5);
        reasons.holds(Reason::Legal, true);
        reasons.holds(Reason::Large, false);
        let weights = read(
            "[seller]\nnone = 1\ntop = 2.0\nlegal = 1.5\nlarge = 9.0\n[receipt]\nnone = 0\n[buyer]\nnone = 0\n",
        );
        let points = weights.expect("read").seller.points(&reasons);
        assert!((points - 2.5).abs() < 1e-9);
        assert_eq!(reasons.named().len(), 2);
    }
}
