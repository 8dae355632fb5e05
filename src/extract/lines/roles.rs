//! Which column is what: every way to read a header such as `Amount` or `VAT` that may mean several.

use crate::lang::Label;

/// Most ways to read a header that are tried.
const MOST_WAYS: usize = 200;

/// Which column is what.
#[derive(Clone, Default)]
pub(super) struct Roles {
    pub(super) description: Option<usize>,
    pub(super) quantity: Option<usize>,
    pub(super) unit: Option<usize>,
    pub(super) price: Option<usize>,
    pub(super) discount: Option<usize>,
    pub(super) rate: Option<usize>,
    pub(super) vat: Option<usize>,
    pub(super) net: Option<usize>,
    pub(super) gross: Option<usize>,
    pub(super) position: Option<usize>,
    pub(super) article: Option<usize>,
}

impl Roles {
    /// The roles that a choice of one kind per column gives; of two columns alike the last is the sum, the first anything
    /// else.
    pub(super) fn of(chosen: &[Option<Label>]) -> Self {
        let first = |label: Label| chosen.iter().position(|kind| *kind == Some(label));
        let last = |label: Label| chosen.iter().rposition(|kind| *kind == Some(label));
        let mut roles = Self {
            description: first(Label::ColDescription),
            quantity: first(Label::ColQuantity),
            unit: first(Label::ColUnit),
            price: first(Label::ColUnitPrice),
            discount: first(Label::ColDiscount),
            rate: first(Label::ColVatRate),
            vat: first(Label::ColVatAmount),
            net: last(Label::ColNet),
            gross: last(Label::ColGross),
            position: first(Label::ColPosition),
            article: first(Label::ColArticle),
        };
        if roles.net.is_none() && roles.gross.is_none() {
            // The only price is what the line costs.
            roles.net = last(Label::ColUnitPrice);
            if roles.net == roles.price {
                roles.price = None;
            }
        }
        roles
    }

    /// The columns of sums, that of the rows first.
    pub(super) fn sums(&self) -> impl Iterator<Item = usize> {
        self.net.into_iter().chain(self.gross)
    }
}

/// All ways to choose one kind per column, the likelier first.
pub(super) fn ways(kinds: &[Vec<Label>]) -> Vec<Vec<Option<Label>>> {
    let mut ways: Vec<Vec<Option<Label>>> = vec![Vec::new()];
    for column in kinds {
        let mut next = Vec::new();
        for way in &ways {
            if column.is_empty() {
                // A column whose header says nothing may be that of the sums: if it is, the rows prove it.
                for kind in [None, Some(Label::ColNet)] {
                    let mut way = way.clone();
                    way.push(kind);
                    next.push(way);
                }
            }
            for kind in column {
                let mut way = way.clone();
                way.push(Some(*kind));
                next.push(way);
            }
        }
        next.truncate(MOST_WAYS);
        ways = next;
    }
    ways
}
