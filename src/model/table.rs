//! Tables that are part of the program: CSV files without quoting, `#` before a comment, one header line.

/// The rows of a table, split at commas; a row that is too short ends with empty cells.
pub fn rows<const N: usize>(table: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    let lines = table
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .skip(1);
    lines.map(|line| {
        let mut cells = line.split(',');
        std::array::from_fn(|_| cells.next().unwrap_or_default())
    })
}

#[cfg(test)]
mod tests {
    use super::rows;

    #[test]
    fn comments_and_header_are_no_rows() {
        let table = "# source\ncountry,length\nAD,24\n\nAE\n";
        let got: Vec<[&str; 2]> = rows(table).collect();
        assert_eq!(got, [["AD", "24"], ["AE", ""]]);
    }
}
