//! The check digits of VAT ids, a function a country. Source: the national rules as collected by the European Commission.

/// The characters of an id of the right form: ASCII, upper case, without its prefix.
pub(super) struct Digits<'a>(pub(super) &'a [u8]);

impl Digits<'_> {
    /// The digit at a place; a letter counts as nothing.
    fn at(&self, place: usize) -> u32 {
        self.0
            .get(place)
            .and_then(|byte| char::from(*byte).to_digit(10))
            .unwrap_or(0)
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    /// The number that some of the digits write.
    fn number(&self, from: usize, to: usize) -> u64 {
        (from..to).fold(0, |number, place| number * 10 + u64::from(self.at(place)))
    }

    /// Sum of the first digits, each times its weight.
    fn weighted(&self, weights: &[u32]) -> u32 {
        weights
            .iter()
            .enumerate()
            .map(|(place, weight)| weight * self.at(place))
            .sum()
    }

    fn all_digits(&self, from: usize) -> bool {
        self.0[from..].iter().all(u8::is_ascii_digit)
    }

    /// Luhn's sum over some of the digits, the last of which counts once.
    fn luhn(&self, from: usize, to: usize) -> u32 {
        (from..to)
            .rev()
            .enumerate()
            .map(|(back, place)| match (back % 2, self.at(place)) {
                (0, digit) => digit,
                (_, digit) => digit * 2 / 10 + digit * 2 % 10,
            })
            .sum::<u32>()
            % 10
    }
}

pub(super) fn austria(id: &Digits<'_>) -> bool {
    let sum: u32 = (1..8)
        .map(|place| match (place % 2, id.at(place)) {
            (1, digit) => digit,
            (_, digit) => digit * 2 / 10 + digit * 2 % 10,
        })
        .sum();
    (106 - sum) % 10 == id.at(8)
}

pub(super) fn belgium(id: &Digits<'_>) -> bool {
    id.at(0) <= 1 && id.number(0, 8) > 0 && 97 - id.number(0, 8) % 97 == id.number(8, 10)
}

pub(super) fn bulgaria(id: &Digits<'_>) -> bool {
    if id.len() == 9 {
        let first = id.weighted(&[1, 2, 3, 4, 5, 6, 7, 8]) % 11;
        let check = if first == 10 {
            id.weighted(&[3, 4, 5, 6, 7, 8, 9, 10]) % 11
        } else {
            first
        };
        return check % 10 == id.at(8);
    }
    let citizen = id.weighted(&[2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10;
    let foreigner = id.weighted(&[21, 19, 17, 13, 11, 9, 7, 3, 1]) % 10;
    let other = (11 - id.weighted(&[4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 11;
    let month = id.number(2, 4);
    let day = id.number(4, 6);
    let born = matches!(month, 1..=12 | 21..=32 | 41..=52) && matches!(day, 1..=31);
    let check = id.at(9);
    (born && citizen == check) || foreigner == check || other == check
}

pub(super) fn switzerland(id: &Digits<'_>) -> bool {
    let sum: u32 = [5, 4, 3, 2, 7, 6, 5, 4]
        .iter()
        .enumerate()
        .map(|(place, weight)| weight * id.at(place + 1))
        .sum();
    (11 - sum % 11) % 11 == id.at(9)
}

pub(super) fn cyprus(id: &Digits<'_>) -> bool {
    const ODD: [u32; 10] = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21];
    let sum: u32 = (0..8)
        .map(|place| match place % 2 {
            0 => ODD[id.at(place) as usize],
            _ => id.at(place),
        })
        .sum();
    id.number(0, 2) != 12 && u32::from(b'A') + sum % 26 == u32::from(id.0[8])
}

pub(super) fn czechia(id: &Digits<'_>) -> bool {
    match id.len() {
        8 => {
            let check = (11 - id.weighted(&[8, 7, 6, 5, 4, 3, 2]) % 11) % 11;
            let check = if check == 0 { 1 } else { check % 10 };
            id.at(0) != 9 && check == id.at(7)
        }
        9 if id.at(0) == 6 => {
            let sum: u32 = [8, 7, 6, 5, 4, 3, 2]
                .iter()
                .enumerate()
                .map(|(place, weight)| weight * id.at(place + 1))
                .sum();
            let check = (18 - (10 - sum % 11)) % 10;
            check == id.at(8)
        }
        // Birth numbers before 1954 have no check digit.
        9 => birth(id),
        _ => birth(id) && born_digit(id),
    }
}

/// The date in a Czech or Slovak birth number.
fn birth(id: &Digits<'_>) -> bool {
    let (month, day) = (id.number(2, 4), id.number(4, 6));
    matches!(month, 1..=12 | 21..=32 | 51..=62 | 71..=82) && matches!(day, 1..=31)
}

fn born_digit(id: &Digits<'_>) -> bool {
    id.number(0, 9) % 11 % 10 == u64::from(id.at(9))
}

/// ISO 7064 mod 11, 10: Germany and Croatia.
pub(super) fn germany(id: &Digits<'_>) -> bool {
    let mut product = 5;
    for place in 0..id.len() {
        product = ((if product == 0 { 10 } else { product }) * 2 % 11 + id.at(place)) % 10;
    }
    product == 1 && (id.len() == 11 || id.at(0) != 0)
}

pub(super) fn denmark(id: &Digits<'_>) -> bool {
    id.at(0) != 0 && id.weighted(&[2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
}

pub(super) fn estonia(id: &Digits<'_>) -> bool {
    id.weighted(&[3, 7, 1, 3, 7, 1, 3, 7, 1]).is_multiple_of(10)
}

pub(super) fn greece(id: &Digits<'_>) -> bool {
    let sum = (0..8).fold(0, |sum, place| sum * 2 + id.at(place));
    sum * 2 % 11 % 10 == id.at(8)
}

pub(super) fn spain(id: &Digits<'_>) -> bool {
    const LETTERS: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";
    let (first, last) = (id.0[0], id.0[8]);
    if !id.0[1..8].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let letter = |number: u64| LETTERS[(number % 23) as usize] == last;
    match first {
        b'0'..=b'9' => letter(id.number(0, 8)),
        b'Y' => letter(10_000_000 + id.number(1, 8)),
        b'Z' => letter(20_000_000 + id.number(1, 8)),
        b'X' | b'K' | b'L' | b'M' => letter(id.number(1, 8)),
        b'A'..=b'H' | b'J' | b'N' | b'P'..=b'S' | b'U' | b'V' | b'W' => {
            // Luhn, so that the check digit counts once and the one before it twice.
            let sum: u32 = (1..8)
                .map(|place| match (place % 2, id.at(place)) {
                    (0, digit) => digit,
                    (_, digit) => digit * 2 / 10 + digit * 2 % 10,
                })
                .sum();
            let check = (10 - sum % 10) % 10;
            // Sources differ on which kinds of body have a letter and which a digit: either is right for all.
            last == b'0' + check as u8 || last == b"JABCDEFGHI"[check as usize]
        }
        _ => false,
    }
}

pub(super) fn finland(id: &Digits<'_>) -> bool {
    id.weighted(&[7, 9, 10, 5, 8, 4, 2, 1]).is_multiple_of(11)
}

pub(super) fn france(id: &Digits<'_>) -> bool {
    const LETTERS: &[u8; 34] = b"0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    if !id.all_digits(2) {
        return false;
    }
    // Monaco's numbers begin with 000 and have no check digit of their own.
    if id.number(2, 5) != 0 && id.luhn(2, 11) != 0 {
        return false;
    }
    let company = id.number(2, 11);
    if id.0[..2].iter().all(u8::is_ascii_digit) {
        return (company * 100 + 12) % 97 == id.number(0, 2);
    }
    let place = |byte: u8| {
        LETTERS
            .iter()
            .position(|letter| *letter == byte)
            .map(|place| place as u64)
    };
    let (Some(first), Some(second)) = (place(id.0[0]), place(id.0[1])) else {
        return false;
    };
    let key = if first < 10 {
        first * 24 + second
    } else {
        first * 34 + second
    };
    let Some(key) = key.checked_sub(if first < 10 { 10 } else { 100 }) else {
        return false;
    };
    (company + 1 + key / 11) % 11 == key % 11
}

pub(super) fn britain(id: &Digits<'_>) -> bool {
    match id.0 {
        [b'G', b'D', ..] => id.number(2, 5) < 500,
        [b'H', b'A', ..] => id.number(2, 5) >= 500,
        _ => {
            let sum = id.weighted(&[8, 7, 6, 5, 4, 3, 2, 10, 1]) % 97;
            if id.number(0, 3) >= 100 {
                matches!(sum, 0 | 42 | 55)
            } else {
                sum == 0
            }
        }
    }
}

pub(super) fn hungary(id: &Digits<'_>) -> bool {
    id.weighted(&[9, 7, 3, 1, 9, 7, 3, 1]).is_multiple_of(10)
}

pub(super) fn ireland(id: &Digits<'_>) -> bool {
    const LETTERS: &[u8; 23] = b"WABCDEFGHIJKLMNOPQRSTUV";
    let second = |byte: u8| {
        LETTERS
            .iter()
            .position(|letter| *letter == byte)
            .unwrap_or(0) as u32
    };
    let check = |sum: u32| LETTERS[(sum % 23) as usize] == id.0[7];
    if id.0[..7].iter().all(u8::is_ascii_digit) {
        let extra = id.0.get(8).map_or(0, |byte| 9 * second(*byte));
        return check(id.weighted(&[8, 7, 6, 5, 4, 3, 2]) + extra);
    }
    // The old form: the second place is a letter, and the first digit counts last.
    let sum: u32 = [7, 6, 5, 4, 3]
        .iter()
        .enumerate()
        .map(|(place, weight)| weight * id.at(place + 2))
        .sum();
    id.len() == 8 && check(sum + 2 * id.at(0))
}

pub(super) fn italy(id: &Digits<'_>) -> bool {
    let office = id.number(7, 10);
    id.number(0, 7) > 0 && matches!(office, 1..=100 | 120 | 121 | 888 | 999) && id.luhn(0, 11) == 0
}

pub(super) fn lithuania(id: &Digits<'_>) -> bool {
    let last = id.len() - 1;
    let sum = |shift: usize| {
        (0..last)
            .map(|place| (1 + (place + shift) % 9) as u32 * id.at(place))
            .sum::<u32>()
            % 11
    };
    let check = match sum(0) {
        10 => sum(2) % 10,
        check => check,
    };
    id.at(last - 1) == 1 && check == id.at(last)
}

pub(super) fn luxembourg(id: &Digits<'_>) -> bool {
    id.number(0, 6) % 89 == id.number(6, 8)
}

pub(super) fn latvia(id: &Digits<'_>) -> bool {
    if id.at(0) > 3 {
        return id.weighted(&[9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1]) % 11 == 3;
    }
    if id.number(0, 2) == 32 {
        return true;
    }
    let born =
        matches!(id.number(0, 2), 1..=31) && matches!(id.number(2, 4), 1..=12) && id.at(6) <= 2;
    let check = (1 + id.weighted(&[10, 5, 8, 4, 2, 1, 6, 3, 7, 9])) % 11 % 10;
    born && check == id.at(10)
}

pub(super) fn malta(id: &Digits<'_>) -> bool {
    id.at(0) != 0 && id.weighted(&[3, 4, 6, 7, 8, 9, 10, 1]).is_multiple_of(37)
}

pub(super) fn netherlands(id: &Digits<'_>) -> bool {
    // N and L are 23 and 21, B is 11.
    let number = ((2321 * 1_000_000_000 + id.number(0, 9)) * 100 + 11) * 100 + id.number(10, 12);
    let person = id.weighted(&[9, 8, 7, 6, 5, 4, 3, 2]) % 11 == id.at(8) && id.number(0, 9) > 0;
    id.number(10, 12) > 0 && (person || number % 97 == 1)
}

pub(super) fn norway(id: &Digits<'_>) -> bool {
    (11 - id.weighted(&[3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 11 == id.at(8)
}

pub(super) fn poland(id: &Digits<'_>) -> bool {
    id.weighted(&[6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 == id.at(9)
}

pub(super) fn portugal(id: &Digits<'_>) -> bool {
    id.at(0) != 0 && (11 - id.weighted(&[9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 11 % 10 == id.at(8)
}

pub(super) fn romania(id: &Digits<'_>) -> bool {
    const WEIGHTS: [u32; 9] = [7, 5, 3, 2, 1, 7, 5, 3, 2];
    let body = id.len() - 1;
    let sum = id.weighted(&WEIGHTS[9 - body..]);
    id.at(0) != 0 && sum * 10 % 11 % 10 == id.at(body)
}

pub(super) fn sweden(id: &Digits<'_>) -> bool {
    id.number(10, 12) > 0 && id.luhn(0, 10) == 0
}

pub(super) fn slovenia(id: &Digits<'_>) -> bool {
    let check = 11 - id.weighted(&[8, 7, 6, 5, 4, 3, 2]) % 11;
    id.at(0) != 0 && check != 11 && check % 10 == id.at(7)
}

pub(super) fn slovakia(id: &Digits<'_>) -> bool {
    let company = id.at(0) != 0
        && matches!(id.at(2), 2 | 3 | 4 | 7 | 8 | 9)
        && id.number(0, 10).is_multiple_of(11);
    company || (birth(id) && born_digit(id))
}
