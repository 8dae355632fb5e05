//! ISO 4217 currency codes and their minor units (list one of the standard, amendment 176).

/// Codes with two decimals.
const TWO: &str = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK \
DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL \
MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK \
SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG";
/// Codes without decimals.
const NONE: &str = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF";
/// Codes with three decimals.
const THREE: &str = "BHD IQD JOD KWD LYD OMR TND";
/// Codes that the standard has withdrawn and that old invoices still carry.
const WITHDRAWN: &str =
    "HRK ANG ATS BEF DEM ESP FIM FRF GRD IEP ITL LUF NLG PTE SKK SIT EEK LVL LTL";

/// Returns the number of decimals of a currency, or `None` if the code is not one of ISO 4217.
pub fn minor_units(code: &str) -> Option<u32> {
    if code.len() != 3 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        None
    } else if TWO.contains(code) || WITHDRAWN.contains(code) {
        Some(2)
    } else if NONE.contains(code) {
        Some(0)
    } else if THREE.contains(code) {
        Some(3)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::minor_units;

    #[test]
    fn codes_and_their_decimals() {
        for (code, units) in [
            ("EUR", Some(2)),
            ("JPY", Some(0)),
            ("TND", Some(3)),
            ("DEM", Some(2)),
            ("EU", None),
            ("eur", None),
            ("XYZ", None),
            ("R U", None),
        ] {
            assert_eq!(minor_units(code), units, "{code}");
        }
    }
}
